package dev.mfe.samples.apps;

import jakarta.servlet.AsyncContext;
import jakarta.servlet.AsyncEvent;
import jakarta.servlet.AsyncListener;
import jakarta.servlet.http.HttpServlet;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;

/** The way of an order as an event stream: one event for each stage when it is reached. */
final class OrderEvents extends HttpServlet {

    private static final List<String> STAGES = List.of("Received", "Packed", "Handed to the courier", "Delivered");

    private final transient Orders orders;
    private final Duration step;
    private final transient ScheduledExecutorService clock = Executors.newSingleThreadScheduledExecutor(task -> {
        Thread thread = new Thread(task, "order-events");
        thread.setDaemon(true);
        return thread;
    });

    OrderEvents(Orders orders, Duration step) {
        this.orders = orders;
        this.step = step;
    }

    @Override
    protected void doGet(HttpServletRequest request, HttpServletResponse response) throws IOException {
        String path = request.getPathInfo();
        Orders.Order order = path == null ? null : orders.find(path.substring(1));
        if (order == null) {
            response.sendError(404);
            return;
        }
        response.setContentType("text/event-stream");
        response.setHeader("Cache-Control", "no-store");
        AsyncContext async = request.startAsync();
        async.setTimeout(0);
        new Stream(async, order.placed()).start(afterLastSeen(request));
    }

    /** A browser that lost the connection says which event it saw last. */
    private static int afterLastSeen(HttpServletRequest request) {
        String last = request.getHeader("Last-Event-ID");
        return last != null && last.matches("\\d") ? Integer.parseInt(last) + 1 : 0;
    }

    @Override
    public void destroy() {
        clock.shutdownNow();
    }

    private final class Stream implements AsyncListener {

        private final AsyncContext async;
        private final Instant placed;
        private volatile Future<?> next = CompletableFuture.completedFuture(null);

        Stream(AsyncContext async, Instant placed) {
            this.async = async;
            this.placed = placed;
        }

        void start(int stage) throws IOException {
            async.addListener(this);
            async.getResponse().flushBuffer();
            await(stage);
        }

        private void await(int stage) {
            if (stage >= STAGES.size()) {
                async.complete();
                return;
            }
            Duration left = Duration.between(Instant.now(), placed.plus(step.multipliedBy(stage)));
            next = clock.schedule(() -> send(stage), Math.max(0, left.toMillis()), TimeUnit.MILLISECONDS);
        }

        private void send(int stage) {
            String name = stage == STAGES.size() - 1 ? "last" : "stage";
            String event = "event: " + name + "\nid: " + stage + "\ndata: " + STAGES.get(stage) + "\n\n";
            try {
                async.getResponse().getOutputStream().write(event.getBytes(StandardCharsets.UTF_8));
                async.getResponse().flushBuffer();
                await(stage + 1);
            } catch (IOException e) {
                // The browser has left.
                async.complete();
            }
        }

        @Override
        public void onComplete(AsyncEvent event) {
            next.cancel(false);
        }

        @Override
        public void onError(AsyncEvent event) {
            next.cancel(false);
        }

        @Override
        public void onTimeout(AsyncEvent event) {}

        @Override
        public void onStartAsync(AsyncEvent event) {}
    }
}
