package dev.mfe.flags;

import java.lang.annotation.Documented;
import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

/**
 * Marks a method of a bean that answers feature flags. The Spring Boot starter looks for it; plain Java registers a
 * {@link FlagProvider} instead.
 *
 * <pre>{@code
 * @FeatureFlag("new-docs")
 * boolean newDocs(FlagRequest request) {
 *     return request.principal() != null;
 * }
 * }</pre>
 *
 * <p>Parameters are optional and come in any order: a {@link FlagRequest}, and a {@link String} for the name of the
 * flag that is asked. The method returns {@code boolean}, {@link Boolean}, {@code CompletionStage<Boolean>}, or what
 * the framework has for a value that comes later.
 *
 * <p>A method that returns the value itself may block, and runs on a thread of its own for at most {@code
 * mfe.flags.timeout}. One that returns a stage runs on the thread of the request and must not block.
 *
 * @since 0.1
 */
@Documented
@Target(ElementType.METHOD)
@Retention(RetentionPolicy.RUNTIME)
public @interface FeatureFlag {

    /**
     * The flags that this method answers, as the routing file names them.
     *
     * @return at least one name
     */
    String[] value();
}
