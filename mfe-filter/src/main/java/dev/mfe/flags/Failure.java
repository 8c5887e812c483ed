package dev.mfe.flags;

import java.lang.System.Logger.Level;

/** Why a flag counts as off although its provider did not say so. Each is logged apart, once. */
enum Failure {
    ABSENT(Level.WARNING),
    ERROR(Level.WARNING),
    NO_ANSWER(Level.WARNING),
    SATURATED(Level.WARNING),
    TIMEOUT(Level.WARNING),
    /** Somebody stops the request or the app; nothing is wrong with the flag. */
    INTERRUPTED(Level.DEBUG);

    final Level level;

    Failure(Level level) {
        this.level = level;
    }
}
