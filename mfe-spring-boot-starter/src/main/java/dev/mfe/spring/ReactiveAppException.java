package dev.mfe.spring;

/** The app is one of WebFlux, which has no servlet filters. */
final class ReactiveAppException extends RuntimeException {

    ReactiveAppException() {
        super(
                "mfe-spring-boot-starter is on the class path of a reactive web app. It proxies with a servlet filter, which such an"
                        + " app does not have: no path would ever reach a zone.");
    }
}
