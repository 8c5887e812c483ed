package dev.mfe.quarkus.it;

import dev.mfe.quarkus.FeatureFlags;
import jakarta.inject.Inject;
import jakarta.servlet.annotation.WebServlet;
import jakarta.servlet.http.HttpServlet;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;

/** Answers with quarkus-undertow. */
@WebServlet("/servlet/*")
public class HelloServlet extends HttpServlet {

    private static final long serialVersionUID = 1;

    @Inject
    transient FeatureFlags flags;

    @Override
    protected void doGet(HttpServletRequest request, HttpServletResponse response) throws IOException {
        response.getWriter().print("servlet " + request.getPathInfo() + " " + flags.isEnabled("for-alice"));
    }
}
