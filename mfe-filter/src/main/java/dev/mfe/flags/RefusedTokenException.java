package dev.mfe.flags;

/**
 * A token that does not count, and why. Anybody can send one, so it costs no stack trace and repeats nothing of the
 * token.
 */
final class RefusedTokenException extends Exception {
    RefusedTokenException(String reason) {
        super(reason, null, false, false);
    }
}
