package dev.mfe.spring;

import static org.assertj.core.api.Assertions.assertThat;

import dev.mfe.flags.FeatureFlag;
import dev.mfe.flags.FlagProvider;
import dev.mfe.flags.FlagRequest;
import dev.mfe.flags.Flags;
import dev.mfe.servlet.MicrofrontendsFilter;
import dev.openfeature.sdk.Client;
import dev.openfeature.sdk.EvaluationContext;
import dev.openfeature.sdk.OpenFeatureAPI;
import dev.openfeature.sdk.providers.memory.Flag;
import dev.openfeature.sdk.providers.memory.InMemoryProvider;
import java.security.Principal;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.atomic.AtomicInteger;
import org.aopalliance.intercept.MethodInterceptor;
import org.junit.jupiter.api.Test;
import org.springframework.aop.framework.ProxyFactory;
import org.springframework.beans.factory.config.BeanPostProcessor;
import org.springframework.boot.autoconfigure.AutoConfigurations;
import org.springframework.boot.test.context.runner.WebApplicationContextRunner;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.annotation.Import;
import org.springframework.context.annotation.Lazy;
import org.springframework.context.annotation.Scope;
import org.springframework.context.annotation.ScopedProxyMode;
import org.springframework.mock.web.MockHttpServletRequest;
import org.springframework.mock.web.MockHttpServletResponse;
import org.springframework.security.authentication.TestingAuthenticationToken;
import org.springframework.security.core.context.SecurityContextHolder;
import org.springframework.web.context.WebApplicationContext;
import org.springframework.web.context.request.RequestContextHolder;
import org.springframework.web.context.request.ServletRequestAttributes;
import reactor.core.publisher.Mono;

/** Flags that are methods of beans, and who else answers them. */
class FeatureFlagTest {

    private final WebApplicationContextRunner app = new WebApplicationContextRunner()
            .withConfiguration(AutoConfigurations.of(
                    MicrofrontendsAutoConfiguration.class, MicrofrontendsOpenFeatureAutoConfiguration.class))
            .withPropertyValues("mfe.zones.docs.url=http://localhost:9", "mfe.flags.new-search=false");

    private static boolean isOn(WebApplicationContext context, String flag, MockHttpServletRequest request) {
        return context.getBean(MicrofrontendsFilter.class).flagValues(request).isEnabled(flag);
    }

    private static MockHttpServletRequest request() {
        return new MockHttpServletRequest("GET", "/page");
    }

    @Test
    void aMethodMayReturnAValueAStageOrAMono() {
        app.withUserConfiguration(Kinds.class).run(context -> {
            for (String flag : new String[] {"plain", "boxed", "stage", "future", "mono"}) {
                MockHttpServletRequest beta = request();
                beta.addHeader("X-Beta", "yes");
                assertThat(isOn(context, flag, beta)).as(flag).isTrue();
                assertThat(isOn(context, flag, request())).as(flag).isFalse();
            }
        });
    }

    @Test
    void oneMethodMayAnswerSeveralFlags() {
        app.withUserConfiguration(Several.class).run(context -> {
            assertThat(isOn(context, "one", request())).isTrue();
            assertThat(isOn(context, "two", request())).isFalse();
        });
    }

    @Test
    void whatGoesWrongIsOff() {
        app.withUserConfiguration(Broken.class).run(context -> {
            assertThat(isOn(context, "throws", request())).isFalse();
            assertThat(isOn(context, "null", request())).isFalse();
            assertThat(isOn(context, "empty", request())).isFalse();
            assertThat(context.getBean(MicrofrontendsFilter.class)
                            .flags()
                            .counters()
                            .get("throws")
                            .errors())
                    .isEqualTo(1);
        });
    }

    @Test
    void theAdviceOfAProxyRuns() {
        app.withUserConfiguration(Proxied.class).run(context -> {
            assertThat(isOn(context, "advised", request())).isTrue();
            assertThat(context.getBean(AtomicInteger.class)).hasValue(1);
        });
    }

    @Test
    void aLazyBeanIsMadeForTheFirstQuestion() {
        app.withUserConfiguration(LazyFlags.class).run(context -> {
            AtomicInteger made = context.getBean("made", AtomicInteger.class);
            assertThat(made).hasValue(0);
            assertThat(isOn(context, "lazy", request())).isTrue();
            assertThat(made).hasValue(1);
        });
    }

    @Test
    void aRequestScopedBeanAndTheSecurityContextBelongToTheRequest() {
        app.withUserConfiguration(Scoped.class).run(context -> {
            MockHttpServletRequest request = request();
            request.setAttribute("group", "beta");
            RequestContextHolder.setRequestAttributes(new ServletRequestAttributes(request));
            SecurityContextHolder.getContext().setAuthentication(new TestingAuthenticationToken("ada", "secret"));
            try {
                assertThat(isOn(context, "scoped", request)).isTrue();
                assertThat(isOn(context, "user", request)).isTrue();
            } finally {
                RequestContextHolder.resetRequestAttributes();
                SecurityContextHolder.clearContext();
            }
        });
    }

    @Test
    void aProxyThatCannotAnswerStopsTheStart() {
        app.withUserConfiguration(ByInterface.class).run(context -> {
            assertThat(context.getStartupFailure())
                    .isInstanceOf(InvalidFeatureFlagMethodException.class)
                    .hasMessageContaining("is not in the interface that the proxy of its bean implements");
        });
    }

    @Test
    void aProviderBeanAnswersToo() {
        app.withBean(FlagProvider.class, () -> FlagProvider.of("bean", request -> true))
                .run(context -> assertThat(isOn(context, "bean", request())).isTrue());
    }

    @Test
    void aPropertyWinsOverAMethod() {
        app.withUserConfiguration(Several.class)
                .withPropertyValues("mfe.flags.one=false")
                .run(context -> assertThat(isOn(context, "one", request())).isFalse());
    }

    @Test
    void openFeatureAnswersWhatNobodyElseDoes() {
        app.withUserConfiguration(Vendor.class, Several.class).run(context -> {
            MockHttpServletRequest ada = request();
            ada.setUserPrincipal(() -> "ada");
            ada.addHeader("User-Agent", "test");
            assertThat(isOn(context, "vendor", ada)).isTrue();
            assertThat(isOn(context, "vendor", request())).isFalse();
            assertThat(isOn(context, "unknown-to-all", request())).isFalse();
            assertThat(isOn(context, "two", request())).isFalse();
        });
    }

    @Test
    void theAppMaySayWhatOpenFeatureIsTold() {
        app.withUserConfiguration(Vendor.class)
                .withBean(
                        OpenFeatureContext.class,
                        () -> request -> new dev.openfeature.sdk.ImmutableContext(
                                "ada", Map.of("userAgent", new dev.openfeature.sdk.Value("test"))))
                .run(context -> assertThat(isOn(context, "vendor", request())).isTrue());
    }

    @Test
    void ownFlagsAreUsedAsTheyAre() {
        new WebApplicationContextRunner()
                .withConfiguration(AutoConfigurations.of(MicrofrontendsAutoConfiguration.class))
                .withPropertyValues("mfe.zones.docs.url=http://localhost:9")
                .withBean(
                        Flags.class,
                        () -> Flags.builder()
                                .property("new-search", "true")
                                .property("own", "true")
                                .build())
                .run(context -> {
                    assertThat(isOn(context, "own", request())).isTrue();
                    assertThat(isOn(context, "new-search", request())).isTrue();
                });
    }

    @Test
    void thePageSeesTheSameValueAndAVisitorIsRemembered() {
        app.withPropertyValues("mfe.flags.half=50%").run(context -> {
            MockHttpServletRequest request = request();
            MockHttpServletResponse response = new MockHttpServletResponse();
            RequestContextHolder.setRequestAttributes(new ServletRequestAttributes(request, response));
            try {
                boolean onPage = context.getBean(FeatureFlags.class).isEnabled("half");
                assertThat(isOn(context, "half", request)).isEqualTo(onPage);
                assertThat(response.getHeaders("Set-Cookie")).hasSize(1);
                assertThat(response.getHeader("Cache-Control")).isEqualTo("private, no-store");
                MockHttpServletRequest next = request();
                next.addHeader("Cookie", response.getHeader("Set-Cookie").replaceFirst(";.*", ""));
                assertThat(isOn(context, "half", next)).isEqualTo(onPage);
            } finally {
                RequestContextHolder.resetRequestAttributes();
            }
        });
    }

    static class Kinds {

        private static boolean beta(FlagRequest request) {
            return request.header("X-Beta") != null;
        }

        @FeatureFlag("plain")
        boolean plain(FlagRequest request) {
            return beta(request);
        }

        @FeatureFlag("boxed")
        Boolean boxed(FlagRequest request) {
            return beta(request);
        }

        @FeatureFlag("stage")
        CompletionStage<Boolean> stage(FlagRequest request) {
            boolean beta = beta(request);
            return CompletableFuture.supplyAsync(() -> beta);
        }

        @FeatureFlag("future")
        static CompletableFuture<Boolean> future(FlagRequest request) {
            return CompletableFuture.completedFuture(beta(request));
        }

        @FeatureFlag("mono")
        Mono<Boolean> mono(FlagRequest request) {
            return Mono.just(beta(request));
        }
    }

    static class Several {

        @FeatureFlag({"one", "two"})
        boolean byName(String flag, FlagRequest request) {
            return flag.equals("one") && request.path().equals("/page");
        }
    }

    static class Broken {

        @FeatureFlag("throws")
        boolean fails() throws Exception {
            throw new Exception("on purpose");
        }

        @FeatureFlag("null")
        Boolean nothing() {
            return null;
        }

        @FeatureFlag("empty")
        Mono<Boolean> empty() {
            return Mono.empty();
        }
    }

    @Configuration(proxyBeanMethods = false)
    @Import(Proxied.Advised.class)
    static class Proxied {

        @Bean
        static AtomicInteger calls() {
            return new AtomicInteger();
        }

        @Bean
        static BeanPostProcessor advice() {
            AtomicInteger[] calls = new AtomicInteger[1];
            return new BeanPostProcessor() {
                @Override
                public Object postProcessAfterInitialization(Object bean, String name) {
                    if (bean instanceof AtomicInteger counter) {
                        calls[0] = counter;
                    }
                    if (!(bean instanceof Advised)) {
                        return bean;
                    }
                    ProxyFactory proxy = new ProxyFactory(bean);
                    proxy.setProxyTargetClass(true);
                    proxy.addAdvice((MethodInterceptor) call -> {
                        calls[0].incrementAndGet();
                        return call.proceed();
                    });
                    return proxy.getProxy();
                }
            };
        }

        static class Advised {

            private final boolean value = true;

            Advised(AtomicInteger calls) {
                assertThat(calls).hasValue(0);
            }

            @FeatureFlag("advised")
            boolean advised() {
                return value;
            }
        }
    }

    @Configuration(proxyBeanMethods = false)
    static class LazyFlags {

        @Bean
        AtomicInteger made() {
            return new AtomicInteger();
        }

        @Bean
        @Lazy
        Late late(AtomicInteger made) {
            made.incrementAndGet();
            return new Late();
        }

        static class Late {

            @FeatureFlag("lazy")
            boolean lazy() {
                return true;
            }
        }
    }

    @Configuration(proxyBeanMethods = false)
    static class Scoped {

        @Bean
        @Scope(scopeName = WebApplicationContext.SCOPE_REQUEST, proxyMode = ScopedProxyMode.TARGET_CLASS)
        PerRequest perRequest() {
            ServletRequestAttributes current =
                    (ServletRequestAttributes) RequestContextHolder.currentRequestAttributes();
            PerRequest made = new PerRequest();
            made.group = (String) current.getRequest().getAttribute("group");
            return made;
        }

        static class PerRequest {

            private String group;

            @FeatureFlag("scoped")
            boolean scoped() {
                return "beta".equals(group);
            }

            @FeatureFlag("user")
            boolean user() {
                Principal user = SecurityContextHolder.getContext().getAuthentication();
                return user != null && user.getName().equals("ada");
            }
        }
    }

    static class ByInterface {

        @Bean
        static BeanPostProcessor proxies() {
            return new BeanPostProcessor() {
                @Override
                public Object postProcessAfterInitialization(Object bean, String name) {
                    return bean instanceof Runnable
                            ? new ProxyFactory(Runnable.class, (MethodInterceptor) call -> null).getProxy()
                            : bean;
                }
            };
        }

        @Bean
        Runner runner() {
            return new Runner();
        }

        static class Runner implements Runnable {

            @Override
            public void run() {}

            @FeatureFlag("hidden")
            boolean hidden() {
                return true;
            }
        }
    }

    @Configuration(proxyBeanMethods = false)
    static class Vendor {

        @Bean
        Client openFeature() throws Exception {
            Flag<Boolean> flag = Flag.<Boolean>builder()
                    .variant("on", true)
                    .variant("off", false)
                    .defaultVariant("off")
                    .contextEvaluator((one, context) -> knows(context))
                    .build();
            OpenFeatureAPI api = OpenFeatureAPI.getInstance();
            api.setProviderAndWait("mfe-test", new InMemoryProvider(Map.of("vendor", flag)));
            return api.getClient("mfe-test");
        }

        private static boolean knows(EvaluationContext context) {
            return "ada".equals(context.getTargetingKey())
                    && "test".equals(context.getValue("userAgent").asString());
        }
    }
}
