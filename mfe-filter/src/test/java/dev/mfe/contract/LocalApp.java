package dev.mfe.contract;

import jakarta.servlet.ServletException;
import jakarta.servlet.http.HttpServlet;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import jakarta.servlet.http.Part;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Map;
import java.util.TreeMap;

/** The app that the filter lives in. It tells what it was asked; some paths do more. */
final class LocalApp extends HttpServlet {

    /** A path that a zone owns, to see that an error dispatch stays inside the app. */
    static final String ERROR_PAGE = "/docs/error-page";

    @Override
    protected void service(HttpServletRequest request, HttpServletResponse response)
            throws ServletException, IOException {
        switch (request.getDispatcherType() + " " + request.getServletPath()) {
            case "REQUEST /local/forward" ->
                request.getRequestDispatcher("/docs/forwarded").forward(request, response);
            case "REQUEST /local/async" -> request.startAsync().dispatch("/docs/dispatched");
            case "REQUEST /local/error" -> response.sendError(500, "meant to fail");
            case "REQUEST /local/parts" -> text(response, parts(request));
            case "REQUEST /local/session" -> text(response, "session " + (request.getSession() != null));
            case "REQUEST /local/class" -> text(response, request.getClass().getName());
            case "REQUEST /local/length" ->
                text(response, "read " + request.getInputStream().readAllBytes().length);
            default -> text(response, describe(request));
        }
    }

    private static String parts(HttpServletRequest request) throws ServletException, IOException {
        StringBuilder text = new StringBuilder();
        for (Part part : request.getParts()) {
            text.append(part.getName()).append('=').append(part.getSize()).append('\n');
        }
        return text.toString();
    }

    private static String describe(HttpServletRequest request) {
        StringBuilder text = new StringBuilder("local ")
                .append(request.getDispatcherType())
                .append(' ')
                .append(request.getMethod())
                .append(' ')
                .append(request.getRequestURI())
                .append('\n');
        for (Map.Entry<String, String[]> parameter : new TreeMap<>(request.getParameterMap()).entrySet()) {
            text.append(parameter.getKey())
                    .append('=')
                    .append(Arrays.toString(parameter.getValue()))
                    .append('\n');
        }
        return text.toString();
    }

    private static void text(HttpServletResponse response, String text) throws IOException {
        response.setContentType("text/plain");
        byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
        response.setContentLength(bytes.length);
        response.getOutputStream().write(bytes);
    }
}
