package dev.mfe.samples.apps;

import jakarta.websocket.OnMessage;
import jakarta.websocket.OnOpen;
import jakarta.websocket.Session;
import jakarta.websocket.server.ServerEndpoint;
import java.io.IOException;
import java.util.Locale;

/** Answers questions over a WebSocket. */
@ServerEndpoint("/checkout/chat")
public final class Chat {

    /** For the container. */
    public Chat() {}

    /**
     * Greets.
     *
     * @param session the visitor's
     * @throws IOException if the visitor has left
     */
    @OnOpen
    public void greet(Session session) throws IOException {
        session.getBasicRemote().sendText("Hello! Ask me about delivery, payment or tea.");
    }

    /**
     * Answers.
     *
     * @param question what the visitor typed
     * @return what to send back
     */
    @OnMessage
    public String answer(String question) {
        String asked = question.toLowerCase(Locale.ROOT);
        if (asked.contains("deliver")) {
            return "We deliver within two days, and free of charge.";
        }
        if (asked.contains("pay")) {
            return "You pay when the parcel is there. This is a demo: there is no parcel, and nothing to pay.";
        }
        if (asked.contains("tea")) {
            return "Sencha if you want to stay awake, rooibos if you do not.";
        }
        return "I know too little about that. Try delivery, payment or tea.";
    }
}
