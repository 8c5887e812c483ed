package dev.mfe.quarkus.it;

import io.quarkus.test.junit.QuarkusIntegrationTest;

/** The same in the app as it is packaged. */
@QuarkusIntegrationTest
class AppIT extends AppTest {}
