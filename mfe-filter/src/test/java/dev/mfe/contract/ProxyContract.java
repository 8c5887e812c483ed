package dev.mfe.contract;

import org.junit.jupiter.api.Nested;

/**
 * All rules. A container's test class extends this and says how the container is started:
 *
 * <pre>{@code
 * class UndertowContractTest extends ProxyContract {
 *     @Override
 *     protected ContainerUnderTest container() {
 *         return new UndertowContainer();
 *     }
 * }
 * }</pre>
 */
public abstract class ProxyContract {

    /** A new container, not started. */
    protected abstract ContainerUnderTest container();

    @Nested
    final class Fields extends FieldRules {
        Fields() {
            super(container());
        }
    }

    @Nested
    final class Bodies extends BodyRules {
        Bodies() {
            super(container());
        }
    }

    @Nested
    final class Targets extends TargetRules {
        Targets() {
            super(container());
        }
    }

    @Nested
    final class Redirects extends RedirectRules {
        Redirects() {
            super(container());
        }
    }

    @Nested
    final class Cookies extends CookieRules {
        Cookies() {
            super(container());
        }
    }

    @Nested
    final class Streams extends StreamRules {
        Streams() {
            super(container());
        }
    }

    @Nested
    final class Upgrades extends UpgradeRules {
        Upgrades() {
            super(container());
        }
    }

    @Nested
    final class Failures extends FailureRules {
        Failures() {
            super(container());
        }
    }

    @Nested
    final class HostileInput extends HostileInputRules {
        HostileInput() {
            super(container());
        }
    }

    @Nested
    final class InsideTheApp extends InsideTheAppRules {
        InsideTheApp() {
            super(container());
        }
    }
}
