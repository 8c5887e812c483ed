package dev.mfe.samples.shop;

import jakarta.servlet.DispatcherType;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.security.config.annotation.web.builders.HttpSecurity;
import org.springframework.security.core.userdetails.User;
import org.springframework.security.core.userdetails.UserDetailsService;
import org.springframework.security.crypto.bcrypt.BCryptPasswordEncoder;
import org.springframework.security.crypto.password.PasswordEncoder;
import org.springframework.security.provisioning.InMemoryUserDetailsManager;
import org.springframework.security.web.SecurityFilterChain;
import org.springframework.security.web.csrf.CookieCsrfTokenRepository;
import org.springframework.security.web.csrf.CsrfTokenRequestAttributeHandler;

/** Who may do what. The rules hold for every path, whichever zone answers it. */
@Configuration(proxyBeanMethods = false)
class SecurityConfiguration {

    /** What a user has who sees new things first. */
    static final String EARLY_ACCESS = "EARLY_ACCESS";

    @Bean
    SecurityFilterChain security(HttpSecurity http) throws Exception {
        // The checkout zone checks its form itself. Should the zone be down when the form is sent, the old checkout
        // answers, and
        // wants a token: the zone finds it in a cookie, which no script can read, and which comes with the first
        // response
        // because the handler has no attribute name.
        CsrfTokenRequestAttributeHandler csrf = new CsrfTokenRequestAttributeHandler();
        csrf.setCsrfRequestAttributeName(null);
        return http.authorizeHttpRequests(
                        requests -> requests.dispatcherTypeMatchers(DispatcherType.FORWARD, DispatcherType.ERROR)
                                .permitAll()
                                .requestMatchers("/checkout/**", "/thanks")
                                .authenticated()
                                .anyRequest()
                                .permitAll())
                .formLogin(login -> login.loginPage("/login"))
                .logout(logout -> logout.logoutSuccessUrl("/"))
                .csrf(tokens -> tokens.csrfTokenRepository(new CookieCsrfTokenRepository())
                        .csrfTokenRequestHandler(csrf))
                .build();
    }

    @Bean
    PasswordEncoder passwordEncoder() {
        return new BCryptPasswordEncoder();
    }

    @Bean
    UserDetailsService users(PasswordEncoder encoder) {
        String password = encoder.encode("password");
        return new InMemoryUserDetailsManager(
                User.withUsername("ada")
                        .password(password)
                        .authorities("CUSTOMER", EARLY_ACCESS)
                        .build(),
                User.withUsername("bob")
                        .password(password)
                        .authorities("CUSTOMER")
                        .build());
    }
}
