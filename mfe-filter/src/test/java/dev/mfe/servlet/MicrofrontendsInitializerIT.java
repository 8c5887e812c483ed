package dev.mfe.servlet;

import static dev.mfe.testkit.Script.answering;
import static org.assertj.core.api.Assertions.assertThat;

import dev.mfe.testkit.ScriptedOrigin;
import jakarta.servlet.http.HttpServlet;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Set;
import org.apache.catalina.Context;
import org.apache.catalina.startup.Tomcat;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class MicrofrontendsInitializerIT {

    @Test
    void anAppWithThePropertiesFileGetsTheFilter(@TempDir Path classes, @TempDir Path base) throws Exception {
        Files.writeString(classes.resolve("microfrontends.json"), """
                {"applications": {
                  "web": {"development": {"fallback": "web.example.com"}},
                  "docs": {"routing": [{"paths": ["/docs/:path*"]}]}}}
                """);
        try (ScriptedOrigin zone =
                ScriptedOrigin.always(answering("HTTP/1.1 200 OK\r\nContent-Length: 4\r\n\r\nzone"))) {
            Files.writeString(classes.resolve("mfe.properties"), "mfe.zones.docs.url=" + zone.url());
            assertThat(statusOf("/docs/a", classes, base)).isEqualTo(200);
        }
    }

    @Test
    void anAppWithoutItIsLeftAlone(@TempDir Path classes, @TempDir Path base) throws Exception {
        assertThat(statusOf("/docs/a", classes, base)).isEqualTo(204);
    }

    private static int statusOf(String path, Path classes, Path base) throws Exception {
        Tomcat tomcat = new Tomcat();
        tomcat.setBaseDir(base.toString());
        tomcat.setPort(0);
        tomcat.getConnector();
        tomcat.setSilent(true);
        Context context = tomcat.addContext("", base.toString());
        HttpServlet local = new HttpServlet() {
            @Override
            protected void service(HttpServletRequest request, HttpServletResponse response) {
                response.setStatus(204);
            }
        };
        Tomcat.addServlet(context, "local", local).addMapping("/");
        try (URLClassLoader loader = new URLClassLoader(
                new URL[] {classes.toUri().toURL()}, MicrofrontendsInitializerIT.class.getClassLoader())) {
            context.setParentClassLoader(loader);
            context.addServletContainerInitializer(new MicrofrontendsInitializer(), Set.of());
            tomcat.start();
            return Client.get(tomcat.getConnector().getLocalPort(), path).status();
        } finally {
            tomcat.stop();
            tomcat.destroy();
        }
    }
}
