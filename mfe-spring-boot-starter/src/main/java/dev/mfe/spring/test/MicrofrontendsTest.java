package dev.mfe.spring.test;

import java.lang.annotation.Documented;
import java.lang.annotation.ElementType;
import java.lang.annotation.Inherited;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

/**
 * Gives a test of the app, beside {@code @SpringBootTest}, a {@link StubZone} for every zone of the app's own routing
 * file. The test gets them as {@link StubZones}; the flags are the app's, or what the test sets with
 * {@code mfe.flags.<flag>}.
 *
 * <pre>{@code
 * @SpringBootTest(webEnvironment = WebEnvironment.RANDOM_PORT)
 * @MicrofrontendsTest
 * class RoutingTest {
 *
 *     @Autowired
 *     StubZones zones;
 *
 *     @Test
 *     void theDocsAreAnsweredByTheirZone(@Autowired RestTestClient client) {
 *         client.get().uri("/docs/intro").exchange().expectBody(String.class).isEqualTo("docs GET /docs/intro");
 *         assertThat(zones.zone("docs").takeRequest().header("X-Forwarded-Proto")).isEqualTo("http");
 *     }
 * }
 * }</pre>
 *
 * @since 0.1
 */
@Documented
@Inherited
@Target(ElementType.TYPE)
@Retention(RetentionPolicy.RUNTIME)
public @interface MicrofrontendsTest {}
