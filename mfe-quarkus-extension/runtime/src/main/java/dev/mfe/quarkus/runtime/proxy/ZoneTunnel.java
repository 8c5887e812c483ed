package dev.mfe.quarkus.runtime.proxy;

import io.vertx.core.buffer.Buffer;
import io.vertx.core.net.NetSocket;

/**
 * Bytes both ways between a client and a zone after they have agreed on another protocol, such as WebSocket. Ends when either
 * of them closes, or nothing moves in either direction for the idle time.
 */
final class ZoneTunnel extends Lane.Entry {

    private final Lane lane;
    private final VertxZone zone;
    private final NetSocket client;
    private final NetSocket zoneSocket;
    private boolean closed;
    private boolean zonePaused;
    private boolean zoneEnded;

    ZoneTunnel(Lane lane, VertxZone zone, NetSocket client, NetSocket zoneSocket) {
        this.lane = lane;
        this.zone = zone;
        this.client = client;
        this.zoneSocket = zoneSocket;
    }

    void open() {
        lane.add(this);
        used();
        join(client, zoneSocket);
        join(zoneSocket, client);
        zoneSocket.resume();
    }

    private void join(NetSocket from, NetSocket to) {
        from.handler(part -> move(part, from, to));
        from.exceptionHandler(error -> ended(from));
        from.closeHandler(end -> ended(from));
    }

    private void move(Buffer part, NetSocket from, NetSocket to) {
        if (closed) {
            return;
        }
        used();
        to.write(part);
        if (to.writeQueueFull()) {
            from.pause();
            zonePaused |= from == zoneSocket;
            to.drainHandler(room -> drained(from));
        }
    }

    private void drained(NetSocket from) {
        used();
        if (from == zoneSocket) {
            zonePaused = false;
        }
        from.resume();
        if (zoneEnded) {
            // Behind what the socket gives out now.
            lane.loop().execute(() -> ended(zoneSocket));
        }
    }

    /** Vert.x tells at once that a socket has closed, in front of the last bytes of one that is paused. */
    private void ended(NetSocket from) {
        if (from == zoneSocket && zonePaused) {
            zoneEnded = true;
        } else {
            close();
        }
    }

    private void used() {
        expireAfter(lane, zone.idleTicks());
    }

    private void close() {
        if (!closed) {
            closed = true;
            lane.remove(this);
            zone.leave();
            client.close();
            zoneSocket.close();
        }
    }

    @Override
    void timedOut() {
        close();
    }

    @Override
    void cancel() {
        close();
    }
}
