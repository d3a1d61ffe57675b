package dev.sluice.engine.listener;

import dev.sluice.cluster.l7.Listener;
import dev.sluice.engine.tls.TlsServer;

import org.jspecify.annotations.Nullable;

import java.util.concurrent.atomic.AtomicInteger;

/**
 * A listener at work: immutable but for its count of connections, which a new revision of the
 * listener takes over.
 *
 * @param tls null for plaintext
 */
public record Entrance(Listener listener, @Nullable TlsServer tls, AtomicInteger connections) {

    /** False if there are too many; each true needs a {@link #leave()}. */
    boolean enter() {
        if (connections.incrementAndGet() <= listener.limits().connections()) {
            return true;
        }
        connections.decrementAndGet();
        return false;
    }

    void leave() {
        connections.decrementAndGet();
    }
}
