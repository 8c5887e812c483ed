package dev.mfe.contract;

import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.extension.AfterTestExecutionCallback;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.junit.jupiter.api.extension.ExtensionContext.Namespace;
import org.junit.jupiter.api.extension.TestWatcher;

/** Prints one line for each container when all its rules were tried. */
final class ContractReport implements AfterTestExecutionCallback, TestWatcher {

    private static final Namespace NAMESPACE = Namespace.create(ContractReport.class);

    /** What one container has shown so far; prints itself at the end of the run. */
    private static final class Tally implements AutoCloseable {
        private final Set<String> rules = new LinkedHashSet<>();
        private final Set<String> failed = new TreeSet<>();
        private final Set<String> notPossibleRules = new TreeSet<>();
        private final Set<String> notPossible = new TreeSet<>();
        private @Nullable String container;

        @Override
        public void close() {
            List<String> parts = new ArrayList<>();
            notPossibleRules.removeAll(failed);
            parts.add(rules.size() + " rules");
            parts.add((rules.size() - failed.size() - notPossibleRules.size()) + " hold");
            if (!notPossibleRules.isEmpty()) {
                parts.add(notPossibleRules.size() + " not possible here (" + String.join(", ", notPossible) + ")");
            }
            if (!failed.isEmpty()) {
                parts.add(failed.size() + " FAIL (" + String.join(", ", failed) + ")");
            }
            System.out.println(container + ": " + String.join(", ", parts));
        }
    }

    @Override
    public void afterTestExecution(ExtensionContext context) {
        Rules rules = (Rules) context.getRequiredTestInstance();
        Tally tally = tally(context);
        synchronized (tally) {
            tally.container = rules.container().name();
            tally.rules.add(rule(context));
            String notPossible = rules.notPossible();
            if (notPossible != null) {
                tally.notPossibleRules.add(rule(context));
                tally.notPossible.add(notPossible);
            }
        }
    }

    @Override
    public void testFailed(ExtensionContext context, @Nullable Throwable cause) {
        Tally tally = tally(context);
        synchronized (tally) {
            tally.rules.add(rule(context));
            tally.failed.add(rule(context));
        }
    }

    @Override
    public void testDisabled(ExtensionContext context, Optional<String> reason) {
        // A variant that runs on request only.
    }

    private static String rule(ExtensionContext context) {
        return context.getRequiredTestMethod().getName();
    }

    private static Tally tally(ExtensionContext context) {
        Class<?> suite = context.getEnclosingTestClasses().isEmpty()
                ? context.getRequiredTestClass()
                : context.getEnclosingTestClasses().get(0);
        return context.getRoot().getStore(NAMESPACE).computeIfAbsent(suite, key -> new Tally(), Tally.class);
    }
}
