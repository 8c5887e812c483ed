package dev.mfe.quarkus.runtime.proxy;

import io.netty.buffer.ByteBuf;

/**
 * Bytes both ways between a client and a zone after they have agreed on another protocol, such as WebSocket. When one of them
 * closes, the other gets what is on its way to it, and then the end. It is over when both have closed, or nothing moves in
 * either direction for the idle time.
 */
final class ZoneTunnel extends Lane.Entry {

    private final Lane lane;
    private final VertxZone zone;
    private final TunnelEnd clientEnd;
    private final TunnelEnd zoneEnd;
    private boolean inZone = true;
    private boolean closed;

    ZoneTunnel(Lane lane, VertxZone zone, TunnelEnd clientEnd, TunnelEnd zoneEnd) {
        this.lane = lane;
        this.zone = zone;
        this.clientEnd = clientEnd;
        this.zoneEnd = zoneEnd;
    }

    void open() {
        lane.add(this);
        used();
        clientEnd.pause(false);
        zoneEnd.pause(false);
        clientEnd.join(this);
        zoneEnd.join(this);
    }

    private TunnelEnd other(TunnelEnd end) {
        return end == zoneEnd ? clientEnd : zoneEnd;
    }

    /** One end has said something. */
    void move(ByteBuf bytes, TunnelEnd from) {
        TunnelEnd to = other(from);
        if (closed || to.gone()) {
            bytes.release();
            return;
        }
        used();
        to.write(bytes);
        if (!to.hasRoom()) {
            from.pause(true);
        }
    }

    /** One end takes more. */
    void drained(TunnelEnd to) {
        used();
        other(to).pause(false);
    }

    /** One end has closed. All that it said was moved before. */
    void ended(TunnelEnd from) {
        if (from == zoneEnd) {
            leaveZone();
        }
        TunnelEnd to = other(from);
        if (to.gone()) {
            close();
        } else if (!closed) {
            used();
            to.pause(false);
            to.finish();
        }
    }

    private void used() {
        // Who has heard the end, and does not close, is not waited for without end.
        boolean ending = clientEnd.gone() || zoneEnd.gone();
        expireAfter(lane, ending && zone.idleTicks() == 0 ? zone.responseTicks() : zone.idleTicks());
    }

    private void leaveZone() {
        if (inZone) {
            inZone = false;
            zone.leave();
        }
    }

    private void close() {
        if (!closed) {
            closed = true;
            lane.remove(this);
            leaveZone();
            clientEnd.close();
            zoneEnd.close();
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
