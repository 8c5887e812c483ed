package dev.mfe.proxy;

/**
 * Takes the fields of a message one by one.
 *
 * @since 0.1
 */
@FunctionalInterface
public interface FieldWriter {

    /**
     * Adds a field line.
     *
     * @param name its name
     * @param value its value; every char is one byte of the wire
     * @throws ProxyException with {@link ProxyFailure#BAD_REQUEST} when it cannot stand in a message
     */
    void field(String name, String value) throws ProxyException;
}
