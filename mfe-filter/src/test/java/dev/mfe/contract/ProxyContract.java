package dev.mfe.contract;

import java.util.logging.LogManager;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Nested;

/**
 * All rules. A container's test class extends this and says how the container is started:
 *
 * <pre>{@code
 * class UndertowContractTest extends ProxyContract {
 *     @Override
 *     protected ContainerUnderTest newContainer() {
 *         return new UndertowContainer();
 *     }
 * }
 * }</pre>
 */
public abstract class ProxyContract {

    /** A new container, not started. */
    protected abstract ContainerUnderTest newContainer();

    /** The rules provoke failures by the hundred, and every container has much to say about each. */
    @BeforeAll
    static void logNothingUnlessTold() {
        if (System.getProperty("java.util.logging.config.file") == null) {
            LogManager.getLogManager().reset();
        }
    }

    @Nested
    final class Fields extends FieldRules {
        Fields() {
            super(newContainer());
        }
    }

    @Nested
    final class Bodies extends BodyRules {
        Bodies() {
            super(newContainer());
        }
    }

    @Nested
    final class Targets extends TargetRules {
        Targets() {
            super(newContainer());
        }
    }

    @Nested
    final class Redirects extends RedirectRules {
        Redirects() {
            super(newContainer());
        }
    }

    @Nested
    final class Cookies extends CookieRules {
        Cookies() {
            super(newContainer());
        }
    }

    @Nested
    final class Streams extends StreamRules {
        Streams() {
            super(newContainer());
        }
    }

    @Nested
    final class Leaving extends LeavingRules {
        Leaving() {
            super(newContainer());
        }
    }

    @Nested
    final class Upgrades extends UpgradeRules {
        Upgrades() {
            super(newContainer());
        }
    }

    @Nested
    final class Failures extends FailureRules {
        Failures() {
            super(newContainer());
        }
    }

    @Nested
    final class HostileInput extends HostileInputRules {
        HostileInput() {
            super(newContainer());
        }
    }

    @Nested
    final class InsideTheApp extends InsideTheAppRules {
        InsideTheApp() {
            super(newContainer());
        }
    }
}
