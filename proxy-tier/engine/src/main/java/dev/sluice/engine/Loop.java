package dev.sluice.engine;

import dev.sluice.engine.capture.Capture;
import dev.sluice.engine.codec.ClientConnection;
import dev.sluice.engine.codec.DrainPace;
import dev.sluice.engine.codec.ServerEnvironment;
import dev.sluice.engine.http.Flood;
import dev.sluice.engine.http.Peer;
import dev.sluice.engine.http.Refusal;
import dev.sluice.engine.http.Slowness;
import dev.sluice.engine.overload.Pulse;
import dev.sluice.engine.upstream.Connections;

import io.netty.channel.EventLoop;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ThreadLocalRandom;
import java.util.function.BooleanSupplier;
import java.util.function.Predicate;

/** What belongs to one event loop: its connections on both sides. Confined to it. */
final class Loop implements ServerEnvironment.Household {
    private final EventLoop eventLoop;
    private final Connections upstreams;
    private final Set<ClientConnection> clients = new HashSet<>();
    private final BooleanSupplier draining;
    private final Books books;
    private final Pulse pulse;

    Loop(
            EventLoop eventLoop,
            Connections upstreams,
            BooleanSupplier draining,
            Books books,
            Pulse pulse) {
        this.eventLoop = eventLoop;
        this.upstreams = upstreams;
        this.draining = draining;
        this.books = books;
        this.pulse = pulse;
    }

    EventLoop eventLoop() {
        return eventLoop;
    }

    Connections upstreams() {
        return upstreams;
    }

    @Override
    public boolean isDraining() {
        return draining.getAsBoolean();
    }

    Pulse pulse() {
        return pulse;
    }

    @Override
    public boolean takesConnections() {
        if (pulse.shedsConnections()) {
            books.shedConnections.increment();
        }
        return !pulse.shedsConnections();
    }

    @Override
    public boolean takesRequests() {
        if (pulse.shedsRequests()) {
            books.shedRequests.increment();
        }
        return !pulse.shedsRequests();
    }

    @Override
    public void opened(ClientConnection connection) {
        clients.add(connection);
        books.connections.increment();
    }

    @Override
    public void closed(ClientConnection connection) {
        if (clients.remove(connection)) {
            books.connections.decrement();
        }
    }

    @Override
    public void left(Peer.Socket client) {
        upstreams.onClientGone(client);
    }

    @Override
    public void onFlood(Flood kind) {
        books.onFlood(kind);
    }

    @Override
    public void onSlow(Slowness kind) {
        books.onSlow(kind);
    }

    @Override
    public void onRefused(Refusal why) {
        books.onRefused(why);
    }

    @Override
    public void onMalformed(Capture capture) {
        books.captures.add(capture);
    }

    @Override
    public void onStapleOverdue() {
        books.overdueStaples.increment();
    }

    void onDrain() {
        // A connection that is over at once leaves while we go.
        for (ClientConnection client : new ArrayList<>(clients)) {
            long spread = ThreadLocalRandom.current().nextLong(DrainPace.SPREAD_NANOS);
            client.drain(DrainPace.QUIET_NANOS + spread);
        }
    }

    void onCut(Predicate<Peer> which) {
        List<ClientConnection> all = new ArrayList<>(clients);
        all.stream().filter(client -> which.test(client.peer())).forEach(ClientConnection::cut);
    }
}
