package dev.mfe.samples.plain;

import jakarta.servlet.annotation.WebServlet;
import jakarta.servlet.http.HttpServlet;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;

/** The checkout that visitors get until the flag moves them over. */
@WebServlet("/checkout")
public final class CheckoutServlet extends HttpServlet {

    /** For the container. */
    public CheckoutServlet() {}

    @Override
    protected void doGet(HttpServletRequest request, HttpServletResponse response) throws IOException {
        response.setContentType("text/plain;charset=utf-8");
        response.getWriter().println("The checkout of the local app.");
    }
}
