package dev.mfe.spring;

import dev.mfe.flags.FeatureFlag;
import dev.mfe.flags.FlagRequest;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpSession;
import java.io.IOException;
import java.security.Principal;
import java.util.List;
import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.annotation.Import;
import org.springframework.security.config.Customizer;
import org.springframework.security.config.annotation.web.builders.HttpSecurity;
import org.springframework.security.core.userdetails.User;
import org.springframework.security.core.userdetails.UserDetailsService;
import org.springframework.security.provisioning.InMemoryUserDetailsManager;
import org.springframework.security.web.SecurityFilterChain;
import org.springframework.security.web.csrf.CsrfToken;
import org.springframework.web.bind.annotation.CrossOrigin;
import org.springframework.web.bind.annotation.DeleteMapping;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.PutMapping;
import org.springframework.web.bind.annotation.RequestBody;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.bind.annotation.RestController;
import org.springframework.web.multipart.MultipartFile;

/** An app with what apps have: forms, uploads, a login, a session. The flag {@code new-search} is on for user "ada". */
@Configuration(proxyBeanMethods = false)
@EnableAutoConfiguration
@Import({LocalApp.Pages.class, LocalApp.Rollouts.class})
class LocalApp {

    @Bean
    SecurityFilterChain rules(HttpSecurity http) throws Exception {
        return http.authorizeHttpRequests(requests -> requests.requestMatchers("/private/**", "/docs/private/**")
                        .authenticated()
                        .anyRequest()
                        .permitAll())
                .httpBasic(Customizer.withDefaults())
                .build();
    }

    @Bean
    UserDetailsService users() {
        return new InMemoryUserDetailsManager(
                User.withUsername("ada").password("{noop}secret").roles("USER").build(),
                User.withUsername("bob").password("{noop}secret").roles("USER").build());
    }

    static class Rollouts {

        @FeatureFlag("new-search")
        boolean newSearch(FlagRequest request) {
            Principal user = request.principal();
            return user != null && user.getName().equals("ada");
        }
    }

    @RestController
    static class Pages {

        @GetMapping("/")
        String home() {
            return "home";
        }

        @GetMapping("/csrf")
        String token(CsrfToken token) {
            return token.getToken();
        }

        @PostMapping("/form")
        String form(@RequestParam("name") String name, @RequestParam("more") List<String> more) {
            return "posted " + name + more;
        }

        @PutMapping("/form")
        String putForm(@RequestParam("name") String name) {
            return "put " + name;
        }

        @DeleteMapping("/form")
        String deleteForm(@RequestParam("name") String name) {
            return "deleted " + name;
        }

        @PostMapping("/json")
        String json(@RequestBody String body) {
            return "json " + body;
        }

        @PostMapping("/upload")
        String upload(@RequestParam("file") MultipartFile file) throws IOException {
            return file.getOriginalFilename() + " "
                    + new String(file.getBytes(), java.nio.charset.StandardCharsets.UTF_8);
        }

        @GetMapping("/count")
        String count(HttpSession session) {
            Integer before = (Integer) session.getAttribute("count");
            int count = before == null ? 1 : before + 1;
            session.setAttribute("count", count);
            return "count " + count;
        }

        @GetMapping("/boom")
        String boom() {
            throw new IllegalStateException("boom");
        }

        @CrossOrigin("https://friend.example.com")
        @GetMapping("/cors")
        String cors() {
            return "shared";
        }

        @GetMapping("/big")
        String big() {
            return "x".repeat(10_000);
        }

        @GetMapping("/private/page")
        String secret(Principal user) {
            return "hello " + user.getName();
        }

        @RequestMapping("/search")
        String search(HttpServletRequest request) {
            return "local search " + request.getMethod() + " " + request.getParameter("q");
        }
    }
}
