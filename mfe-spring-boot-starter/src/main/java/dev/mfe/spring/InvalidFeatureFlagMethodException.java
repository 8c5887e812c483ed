package dev.mfe.spring;

import java.util.List;

/** Methods with {@link dev.mfe.flags.FeatureFlag} that cannot answer flags. */
final class InvalidFeatureFlagMethodException extends RuntimeException {

    InvalidFeatureFlagMethodException(List<String> problems) {
        super(String.join("\n", problems));
    }
}
