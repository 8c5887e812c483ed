package dev.mfe.quarkus.runtime.proxy;

import io.netty.channel.EventLoop;
import io.netty.util.concurrent.ScheduledFuture;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * What belongs to one event loop: the calls and tunnels under way on it, and their deadlines. A call never leaves its lane:
 * the connection to the zone is one of the same event loop as the client's, so nothing here needs a lock.
 *
 * <p>Time is counted in ticks, so that setting a deadline costs nothing, and not at all while nothing is under way.
 */
final class Lane {

    /** Something with a deadline. Linked to its neighbours, so that adding and removing it allocates nothing. */
    abstract static class Entry {
        private @Nullable Entry before;
        private @Nullable Entry after;
        private boolean listed;
        private long deadline;

        /** Its time is over. */
        abstract void timedOut();

        /** The app stops. */
        abstract void cancel();

        /** Sets the deadline; a duration of zero or less is none. */
        final void expireAfter(Lane lane, long ticks) {
            deadline = ticks <= 0 ? 0 : lane.now + ticks;
        }
    }

    private static final Logger LOG = System.getLogger(Lane.class.getName());

    private static final long TICK_MILLIS = 50;

    /** Ticks with nothing to do before the timer stops. */
    private static final int QUIET_TICKS = 40;

    private static final int SCRATCH = 8 * 1024;

    private final EventLoop loop;
    private byte[] scratch = new byte[SCRATCH];
    private @Nullable Entry first;
    private @Nullable ScheduledFuture<?> timer;
    private int quietTicks;

    /** Begins at 1, for a deadline of 0 is none. */
    private long now = 1;

    Lane(EventLoop loop) {
        this.loop = loop;
    }

    EventLoop loop() {
        return loop;
    }

    /** The ticks that a duration takes, and one more, for the current one has begun some time ago; 0 for no limit. */
    static long ticks(Duration duration) {
        return duration.isZero() ? 0 : (duration.toMillis() + TICK_MILLIS - 1) / TICK_MILLIS + 1;
    }

    /** Bytes to use at once, with nobody else in between. */
    byte[] scratch(int size) {
        if (scratch.length < size) {
            scratch = new byte[size];
        }
        return scratch;
    }

    void add(Entry entry) {
        Entry head = first;
        entry.after = head;
        if (head != null) {
            head.before = entry;
        }
        first = entry;
        entry.listed = true;
        if (timer == null) {
            timer = loop.scheduleWithFixedDelay(this::tick, TICK_MILLIS, TICK_MILLIS, TimeUnit.MILLISECONDS);
        }
    }

    void remove(Entry entry) {
        if (!entry.listed) {
            return;
        }
        entry.listed = false;
        Entry previous = entry.before;
        Entry next = entry.after;
        if (previous == null) {
            first = next;
        } else {
            previous.after = next;
        }
        if (next != null) {
            next.before = previous;
        }
        entry.before = null;
        entry.after = null;
    }

    private void tick() {
        now++;
        if (first == null) {
            if (++quietTicks >= QUIET_TICKS && timer != null) {
                timer.cancel(false);
                timer = null;
                quietTicks = 0;
            }
            return;
        }
        quietTicks = 0;
        Entry entry = first;
        while (entry != null) {
            // Most of what is done to one takes it out of the list. If that takes the next one out as well, those
            // behind it
            // have to wait for the next tick.
            Entry next = entry.after;
            if (entry.deadline != 0 && entry.deadline <= now) {
                entry.deadline = 0;
                end(entry, Entry::timedOut);
            }
            entry = next;
        }
    }

    /** Ends what is under way. */
    void cancelAll() {
        for (Entry entry = first; entry != null; entry = first) {
            remove(entry);
            end(entry, Entry::cancel);
        }
    }

    /** A timer that throws would be the last of its event loop, and nobody there had a deadline any more. */
    private static void end(Entry entry, Consumer<Entry> how) {
        try {
            how.accept(entry);
        } catch (RuntimeException e) {
            LOG.log(Level.ERROR, "A proxied request could not be ended", e);
        }
    }
}
