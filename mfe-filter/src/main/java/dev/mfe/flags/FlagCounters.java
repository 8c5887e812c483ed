package dev.mfe.flags;

/**
 * How often a flag was evaluated since the start, and with which result; at most once a request is counted, however
 * often the request asks. An override counts as an evaluation.
 *
 * @param on evaluations that answered true
 * @param off evaluations that answered false or counted as false
 * @param errors those of {@code off} where the provider failed, answered null, or could not be asked
 * @param timeouts those of {@code off} where the provider gave no answer in time
 * @since 0.1
 */
public record FlagCounters(long on, long off, long errors, long timeouts) {
    /** All evaluations that have ended. */
    public long evaluations() {
        return on + off;
    }
}
