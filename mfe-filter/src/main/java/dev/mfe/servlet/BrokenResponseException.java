package dev.mfe.servlet;

import java.io.IOException;

/**
 * A response that broke off after its head was sent. Thrown to the container, which then ends the connection, so that the
 * client does not take the half for the whole.
 */
final class BrokenResponseException extends IOException {

    BrokenResponseException(String zone) {
        super("The response of zone " + zone + " broke off");
    }

    /** The cause was logged; where the filter noticed it tells nobody anything. */
    @Override
    public Throwable fillInStackTrace() {
        return this;
    }
}
