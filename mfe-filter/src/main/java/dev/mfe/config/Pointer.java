package dev.mfe.config;

import org.jspecify.annotations.Nullable;

/** A JSON pointer (RFC 6901) that is only written out when it is needed: few places have a problem. */
final class Pointer {
    static final Pointer ROOT = new Pointer(null, "");

    private final @Nullable Pointer parent;
    private final String token;

    private Pointer(@Nullable Pointer parent, String token) {
        this.parent = parent;
        this.token = token;
    }

    Pointer child(String name) {
        return new Pointer(this, name);
    }

    Pointer child(int index) {
        return new Pointer(this, Integer.toString(index));
    }

    @Override
    public String toString() {
        StringBuilder text = new StringBuilder();
        for (Pointer pointer = this; pointer.parent != null; pointer = pointer.parent) {
            // §3
            text.insert(0, '/' + pointer.token.replace("~", "~0").replace("/", "~1"));
        }
        return text.toString();
    }
}
