package dev.mfe.flags;

import java.util.concurrent.atomic.AtomicInteger;

/** Who answers a flag: its property, a provider, or nobody. */
sealed interface FlagSource permits Rollout, FlagSource.Provided, FlagSource.Absent {

    /** A provider as registered. One object for all its flags, so that its calls are counted together. */
    final class Provided implements FlagSource {
        final FlagProvider provider;
        final boolean mayBlock;

        /** Calls that occupy a thread now, including those nobody waits for any more. */
        final AtomicInteger running = new AtomicInteger();

        private final String description;

        /** Asks for the description now: a {@code toString} that fails must not fail while a request waits. */
        Provided(FlagProvider provider) {
            this.provider = provider;
            this.mayBlock = provider.mayBlock();
            this.description = provider.toString();
        }

        @Override
        public String toString() {
            return description;
        }
    }

    /**
     * Nobody, or more than one.
     *
     * @param reason what is wrong and what to do
     * @param missing whether the flag is merely missing
     */
    record Absent(String reason, boolean missing) implements FlagSource {}
}
