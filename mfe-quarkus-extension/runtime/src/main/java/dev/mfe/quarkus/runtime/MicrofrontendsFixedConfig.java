package dev.mfe.quarkus.runtime;

import io.quarkus.runtime.annotations.ConfigPhase;
import io.quarkus.runtime.annotations.ConfigRoot;
import io.smallrye.config.ConfigMapping;
import io.smallrye.config.WithDefault;
import java.util.Optional;

/** The properties {@code quarkus.mfe.*} that are read when the app is built, and cannot change afterwards. */
@ConfigMapping(prefix = "quarkus.mfe")
@ConfigRoot(phase = ConfigPhase.BUILD_AND_RUN_TIME_FIXED)
public interface MicrofrontendsFixedConfig {

    /** Whether the extension does anything. */
    @WithDefault("true")
    boolean enabled();

    /** The routing file. */
    Config config();

    /** How requests are intercepted. */
    Filter filter();

    /** What health checks say about zones. */
    Health health();

    /** The routing file. */
    interface Config {

        /**
         * Where the routing file is: classpath:…, file:…, http://… or https://…. Unless set it is looked for as
         * microfrontends.json on the class path, then in the project's directory. It becomes part of the app that is
         * built.
         */
        Optional<String> location();

        /** What to do when a path belongs to two zones. */
        @WithDefault("error")
        Overlaps overlaps();
    }

    /** What to do when a path belongs to two zones. */
    enum Overlaps {
        /** The app is not built. */
        ERROR,
        /** The first zone in the file answers, and a warning is logged. */
        WARN
    }

    /** How requests are intercepted. */
    interface Filter {

        /**
         * Whether requests are intercepted after this app has checked who is there and what is allowed, so that its
         * rules protect the zones and flags see the user, or before.
         */
        @WithDefault("after-security")
        Order order();
    }

    /** Where requests are intercepted. */
    enum Order {
        /** Right after authentication and the permissions of paths. */
        AFTER_SECURITY,
        /** In front of them: zones guard themselves, and flags see no user. */
        BEFORE_SECURITY
    }

    /** What health checks say about zones. */
    interface Health {

        /** Whether there is a health check for each zone, if the app has SmallRye Health. None of them ever fails. */
        @WithDefault("true")
        boolean enabled();
    }
}
