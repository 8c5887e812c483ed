package dev.mfe;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;

import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.lang.ArchRule;
import java.util.Arrays;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** Who may import whom, as each {@code package-info} promises. */
class ArchitectureTest {
    /** The parts of the JDK that every Java runtime has; not {@code javax.servlet} and the like. */
    private static final String[] JDK = {"java..", "javax.crypto..", "javax.net..", "javax.security.."};

    private static final String NULL_ANNOTATIONS = "org.jspecify.annotations..";
    private static final String JSON_TOKENS = "com.fasterxml.jackson.core..";
    private static final String SERVLET_API = "jakarta.servlet..";

    private static final JavaClasses CORE = new ClassFileImporter()
            .withImportOption(new ImportOption.DoNotIncludeTests())
            .importPackages("dev.mfe");

    @Test
    void packagesHaveNoCycles() {
        slices().matching("dev.mfe.(*)..").should().beFreeOfCycles().check(CORE);
    }

    @Test
    void theCoreKnowsNoFramework() {
        onlyImports("dev.mfe..", "dev.mfe..", JSON_TOKENS, SERVLET_API).check(CORE);
    }

    @Test
    void onlyTheServletPackageKnowsTheServletApi() {
        noClasses()
                .that()
                .resideOutsideOfPackage("dev.mfe.servlet..")
                .should()
                .dependOnClassesThat()
                .resideInAPackage(SERVLET_API)
                .check(CORE);
    }

    @Test
    void onlyTypesNamedForJsonKnowTheTokenizer() {
        // On the binary name, so that a type nested in a Json type counts as one.
        noClasses()
                .that()
                .haveNameNotMatching(".*\\.[^.]*Json[^.]*")
                .should()
                .dependOnClassesThat()
                .resideInAPackage(JSON_TOKENS)
                .check(CORE);
    }

    @Test
    void pathExpressionsImportNothing() {
        onlyImports("dev.mfe.path..", "dev.mfe.path..").check(CORE);
    }

    @Test
    void configImportsPathExpressionsAndTheTokenizer() {
        onlyImports("dev.mfe.config..", "dev.mfe.config..", "dev.mfe.path..", JSON_TOKENS)
                .check(CORE);
    }

    @Test
    void flagsImportOnlyTheTokenizer() {
        onlyImports("dev.mfe.flags..", "dev.mfe.flags..", JSON_TOKENS).check(CORE);
    }

    @Test
    void routingImportsConfigPathAndFlags() {
        onlyImports("dev.mfe.routing..", "dev.mfe.routing..", "dev.mfe.config..", "dev.mfe.path..", "dev.mfe.flags..")
                .check(CORE);
    }

    @Test
    void proxyImportsConfigAtMost() {
        onlyImports("dev.mfe.proxy..", "dev.mfe.proxy..", "dev.mfe.config..").check(CORE);
    }

    @Test
    void theGatewayKnowsNoServer() {
        onlyImports(
                        "dev.mfe.gateway..",
                        "dev.mfe.gateway..",
                        "dev.mfe.config..",
                        "dev.mfe.path..",
                        "dev.mfe.flags..",
                        "dev.mfe.routing..",
                        "dev.mfe.proxy..")
                .check(CORE);
    }

    @Test
    void testingNeedsNoTestFramework() {
        onlyImports(
                        "dev.mfe.testing..",
                        "dev.mfe.testing..",
                        "dev.mfe.config..",
                        "dev.mfe.path..",
                        "dev.mfe.routing..",
                        "dev.mfe.flags..")
                .check(CORE);
    }

    /** The JDK and the null annotations are always allowed; a package without classes yet passes. */
    private static ArchRule onlyImports(String importer, String... allowed) {
        String[] all = Stream.of(JDK, new String[] {NULL_ANNOTATIONS}, allowed)
                .flatMap(Arrays::stream)
                .toArray(String[]::new);
        return classes()
                .that()
                .resideInAPackage(importer)
                .should()
                .onlyDependOnClassesThat()
                .resideInAnyPackage(all)
                .allowEmptyShould(true);
    }
}
