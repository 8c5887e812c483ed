package dev.mfe.config;

import dev.mfe.path.PathExpression;
import java.util.List;
import java.util.Optional;

/**
 * Path expressions of a zone that move together.
 *
 * @param group name of the group, for people
 * @param flag feature flag that switches the group on; empty: always on. An empty text in the file names no flag
 * @param paths the expressions, in the order of the file
 * @since 0.1
 */
public record PathGroup(Optional<String> group, Optional<String> flag, List<PathExpression> paths) {
    /** Copies the list. */
    public PathGroup {
        paths = List.copyOf(paths);
    }
}
