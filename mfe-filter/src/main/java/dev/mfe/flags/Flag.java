package dev.mfe.flags;

import java.lang.System.Logger.Level;
import java.time.Duration;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.LongAdder;
import org.jspecify.annotations.Nullable;

/** One flag of the app: who answers it and how that went so far. Safe for use by many threads. */
final class Flag {
    private static final System.Logger LOG = System.getLogger(Flags.class.getName());

    final String name;
    final FlagSource source;

    private final LongAdder on = new LongAdder();
    private final LongAdder off = new LongAdder();
    private final LongAdder errors = new LongAdder();
    private final LongAdder timeouts = new LongAdder();

    /** What was logged since the flag last succeeded. */
    private final Set<Failure> reported = ConcurrentHashMap.newKeySet();

    private final boolean quiet;

    private Flag(String name, FlagSource source, boolean quiet) {
        this.name = name;
        this.source = source;
        this.quiet = quiet;
    }

    Flag(String name, FlagSource source) {
        this(name, source, false);
    }

    /** A flag that is not kept and so cannot know what was logged before: it says nothing above debug. */
    static Flag quiet(String name, FlagSource source) {
        return new Flag(name, source, true);
    }

    FlagCounters counters() {
        // Causes before the total that contains them, so that no snapshot has more errors than offs.
        long errorCount = errors.sum();
        long timeoutCount = timeouts.sum();
        return new FlagCounters(on.sum(), off.sum(), errorCount, timeoutCount);
    }

    /** Counts an answer that came from the client; it says nothing about whoever answers otherwise. */
    void overridden(boolean value) {
        (value ? on : off).increment();
    }

    void answered(boolean value) {
        (value ? on : off).increment();
        if (!reported.isEmpty()) {
            reported.clear();
        }
    }

    void failed(Failure failure, @Nullable Throwable cause, Duration timeout) {
        off.increment();
        (failure == Failure.TIMEOUT ? timeouts : errors).increment();
        Level level = reported.add(failure) && !quiet ? failure.level : Level.DEBUG;
        if (LOG.isLoggable(level)) {
            LOG.log(level, message(failure, timeout), cause);
        }
    }

    private String message(Failure failure, Duration timeout) {
        String flag = "Flag \"" + printable(name) + "\" counts as off: ";
        String once = "; logged once until it answers again";
        return switch (failure) {
            case ABSENT -> flag + (source instanceof FlagSource.Absent absent ? absent.reason() : "nobody answers it");
            case ERROR -> flag + asked() + " failed" + once;
            case NO_ANSWER -> flag + asked() + " answered null" + once;
            case SATURATED ->
                flag + "no thread took the call of " + asked()
                        + "; all are busy, perhaps hanging, or the app is stopping" + once;
            case TIMEOUT -> flag + asked() + " gave no answer within " + timeout.toMillis() + " ms" + once;
            case INTERRUPTED -> flag + "the thread that waited for " + asked() + " was interrupted";
        };
    }

    private String asked() {
        return source instanceof Rollout rollout
                ? "its property " + printable(rollout.property()) + "=" + rollout.text()
                : "its provider " + source;
    }

    /** An app may ask for a name that came with a request; such a name must not write lines of its own into the log. */
    static String printable(String name) {
        return name.replaceAll("\\p{Cntrl}", "?");
    }
}
