package dev.mfe.benchmarks.compare;

import java.util.List;

/**
 * What takes part.
 *
 * @param name the name in the tables
 * @param path the beginning of the paths that are asked for
 * @param streams whether event streams are tried as well
 * @param command starts it, with the port of the origin already in it; the first line it writes is {@code port} and a
 *     number, unless the port is given
 * @param port the port of one that cannot say it, else 0
 */
record Contestant(String name, String path, boolean streams, List<String> command, int port) {

    Contestant {
        command = List.copyOf(command);
    }

    /** nginx has no heap to look at. */
    boolean isJava() {
        return port == 0;
    }
}
