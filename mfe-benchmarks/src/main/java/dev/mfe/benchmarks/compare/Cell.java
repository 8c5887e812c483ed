package dev.mfe.benchmarks.compare;

/**
 * A load under which all are compared, in the order in which they are measured: the many connections come last, since the
 * threads that a server has started for them stay for a minute, and to have many of them costs.
 */
enum Cell {
    SMALL("1 KB, 32 connections", Page.ONE_KB, 32),
    LARGE("64 KB, 32 connections", Page.SIXTY_FOUR_KB, 32),
    STEADY("1 KB, 2,000 requests/s", Page.ONE_KB, 0),
    CROWD("1 KB, 256 connections", Page.ONE_KB, 256);

    /** Of the load that does not wait for answers. */
    static final int STEADY_PER_SECOND = 2000;

    private final String title;
    private final Page page;
    private final int connections;

    Cell(String title, Page page, int connections) {
        this.title = title;
        this.page = page;
        this.connections = connections;
    }

    String title() {
        return title;
    }

    Page page() {
        return page;
    }

    int connections() {
        return connections;
    }

    /** Whether requests come without waiting for answers. */
    boolean openLoop() {
        return connections == 0;
    }
}
