package dev.sluice.simulation;

import dev.sluice.cluster.packet.RedirectRule;
import dev.sluice.cluster.table.FlowKey;
import dev.sluice.simulation.Socket.State;

import org.jspecify.annotations.Nullable;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Predicate;

/** TCP on a proxy host, as far as a client can tell: sockets, cookies, and who gets a reset. */
final class Kernel {
    /** Linux accepts cookies of the current and the previous 64 s period. */
    static final long COOKIE_NANOS = Nanos.seconds(128);

    private static final long[] SYN_ACK_AGAIN = {Nanos.seconds(1), Nanos.seconds(3)};
    private static final long REQUEST_NANOS = Nanos.seconds(15);
    private static final long ORPHAN_NANOS = Nanos.seconds(40);
    private static final long LAST_ACK_NANOS = Nanos.seconds(10);
    private static final long TIME_WAIT_NANOS = Nanos.seconds(60);
    private static final long IDLE_NANOS = Nanos.seconds(50);
    private static final long TAIL_NANOS = Nanos.millis(400);

    private final World world;
    private final ProxyHost host;
    private final Dice dice;
    private final Map<FlowKey, Socket> sockets = new LinkedHashMap<>();
    private final Map<FlowKey, Cookie> cookies = new LinkedHashMap<>();
    private boolean listening;
    private boolean flooded;
    private boolean draining;
    private long lastCookieNanos = -COOKIE_NANOS;

    private record Cookie(int serverSequence, long sentNanos) {}

    Kernel(World world, ProxyHost host) {
        this.world = world;
        this.host = host;
        this.dice = world.dice("kernel of " + host.id());
    }

    /** What the redirect program's look-up finds. */
    RedirectRule.Socket find(Segment segment) {
        Socket socket = sockets.get(segment.key());
        if (socket == null) {
            return listening
                    ? new RedirectRule.Socket.Listener(cookieOf(segment) != null)
                    : new RedirectRule.Socket.None();
        }
        return switch (socket.state()) {
            case REQUEST -> new RedirectRule.Socket.Request(socket.serverSequence());
            case TIME_WAIT -> new RedirectRule.Socket.TimeWait();
            case ESTABLISHED, ORPHAN, LAST_ACK -> new RedirectRule.Socket.Flow();
        };
    }

    private @Nullable Cookie cookieOf(Segment segment) {
        Cookie cookie = cookies.get(segment.key());
        return cookie != null
                        && segment.acknowledgement() == cookie.serverSequence() + 1
                        && world.nowNanos() - cookie.sentNanos() < COOKIE_NANOS
                ? cookie
                : null;
    }

    /** A SYN goes elsewhere; what is left here of its tuple may stand in its flow's way. */
    void passesOn(Segment syn) {
        Socket socket = sockets.get(syn.key());
        if (socket != null && socket.state() != State.TIME_WAIT) {
            syn.connection().passedBy(host);
        }
    }

    /** Sockets in every state but TIME_WAIT. */
    List<FlowKey> flows(Predicate<Socket> seen) {
        return sockets.entrySet().stream()
                .filter(e -> e.getValue().state() != State.TIME_WAIT && seen.test(e.getValue()))
                .map(Map.Entry::getKey)
                .toList();
    }

    boolean cookiesSentLately() {
        return world.nowNanos() - lastCookieNanos < COOKIE_NANOS;
    }

    /** Whether this host's answer made the connection, and it could go on here. */
    boolean holds(Connection connection) {
        Socket socket = sockets.get(connection.key());
        if (socket != null && socket.holdsFlow()) {
            return socket.serverSequence() == connection.serverSequence();
        }
        Cookie cookie = cookies.get(connection.key());
        return socket == null
                && listening
                && cookie != null
                && cookie.serverSequence() == connection.serverSequence()
                && world.nowNanos() - cookie.sentNanos() < COOKIE_NANOS;
    }

    boolean isListening() {
        return listening;
    }

    void listen() {
        listening = true;
    }

    /** SYNs are answered by cookies. */
    void flood(boolean on) {
        flooded = on;
    }

    /** The server closes connections when their request is answered. */
    void drain(boolean on) {
        draining = on;
    }

    /** Resets what is there, as the deadline asks. */
    void cut(Predicate<Socket> chosen) {
        for (Socket socket : List.copyOf(sockets.values())) {
            if (socket.state() != State.TIME_WAIT && chosen.test(socket)) {
                world.trace().say(() -> host.id() + " cuts " + socket.connection());
                sockets.remove(socket.connection().key());
                reply(socket.connection(), Reply.Kind.RST, socket.serverSequence(), -1);
            }
        }
    }

    /** The process is dead: its flows die with it, orphans stay. */
    void processDied() {
        listening = false;
        cut(socket -> socket.state() == State.REQUEST || socket.state() == State.ESTABLISHED);
    }

    /** Power is gone: nobody hears of it. */
    void powerLost() {
        listening = false;
        flooded = false;
        sockets.clear();
        cookies.clear();
    }

    /** A packet that the redirect kept. */
    void receive(Segment segment) {
        Socket socket = sockets.get(segment.key());
        if (segment.has(Segment.RST)) {
            if (socket != null && socket.isAcknowledgedBy(segment)) {
                sockets.remove(segment.key());
            }
        } else if (segment.has(Segment.SYN)) {
            onSyn(segment, socket);
        } else if (socket == null) {
            onStray(segment);
        } else {
            onKnown(segment, socket);
        }
    }

    private void onSyn(Segment segment, @Nullable Socket socket) {
        if (socket != null && socket.state() != State.TIME_WAIT) {
            if (socket.state() != State.REQUEST) {
                reply(segment.connection(), Reply.Kind.ACK, socket.serverSequence(), -1);
            } else if (socket.clientSequence() == segment.sequence()) {
                synAck(socket);
            }
            return;
        }
        if (!listening) {
            reply(segment.connection(), Reply.Kind.RST, 0, -1);
            return;
        }
        world.glbPromise().answers(host, segment.connection());
        int sequence = dice.number();
        if (flooded) {
            cookies.put(segment.key(), new Cookie(sequence, world.nowNanos()));
            lastCookieNanos = world.nowNanos();
            reply(segment.connection(), Reply.Kind.SYN_ACK, sequence, -1);
            return;
        }
        Socket request =
                new Socket(segment.connection(), segment.sequence(), sequence, State.REQUEST);
        sockets.put(segment.key(), request);
        synAck(request);
        for (long delay : SYN_ACK_AGAIN) {
            later(request, State.REQUEST, delay, () -> synAck(request));
        }
        forgetAfter(request, State.REQUEST, REQUEST_NANOS);
    }

    private void synAck(Socket request) {
        reply(request.connection(), Reply.Kind.SYN_ACK, request.serverSequence(), -1);
    }

    private void onStray(Segment segment) {
        Cookie cookie = listening ? cookieOf(segment) : null;
        if (cookie == null) {
            reset(segment);
            return;
        }
        Socket socket =
                new Socket(
                        segment.connection(),
                        segment.sequence(),
                        cookie.serverSequence(),
                        State.REQUEST);
        cookies.remove(segment.key());
        sockets.put(segment.key(), socket);
        establish(socket);
        onKnown(segment, socket);
    }

    private void reset(Segment segment) {
        world.invariants().reset(host, segment);
        reply(segment.connection(), Reply.Kind.RST, segment.acknowledgement() - 1, -1);
    }

    private void onKnown(Segment segment, Socket socket) {
        if (socket.state() == State.REQUEST) {
            if (!socket.isAcknowledgedBy(segment)) {
                if (socket.connection() != segment.connection()) {
                    world.invariants().misdelivered(host, segment, socket);
                }
                reset(segment);
                return;
            }
            establish(socket);
        }
        if (!socket.isAcknowledgedBy(segment)) {
            world.invariants().misdelivered(host, segment, socket);
            reply(segment.connection(), Reply.Kind.ACK, socket.serverSequence(), -1);
            return;
        }
        socket.hear(world.nowNanos());
        switch (socket.state()) {
            case ESTABLISHED -> onOpen(segment, socket);
            case ORPHAN -> onOrphan(segment, socket);
            case LAST_ACK -> onLastAck(segment, socket);
            case TIME_WAIT -> onTimeWait(segment, socket);
            case REQUEST -> throw new IllegalStateException("request sockets are established");
        }
    }

    private void establish(Socket socket) {
        socket.become(State.ESTABLISHED);
        world.invariants().established(host, socket);
        long wait = dice.chance(0.2) ? dice.between(0, Nanos.seconds(4)) : Nanos.millis(1);
        world.after(wait, socket::accept);
        watchIdle(socket);
    }

    /** The server closes what is silent for too long. */
    private void watchIdle(Socket socket) {
        later(
                socket,
                State.ESTABLISHED,
                IDLE_NANOS,
                () -> {
                    if (world.nowNanos() - socket.heardNanos() >= IDLE_NANOS) {
                        sockets.remove(socket.connection().key());
                    } else {
                        watchIdle(socket);
                    }
                });
    }

    private void onOpen(Segment segment, Socket socket) {
        if (segment.has(Segment.FIN)) {
            socket.become(State.LAST_ACK);
            reply(segment.connection(), Reply.Kind.FIN, socket.serverSequence(), -1);
            forgetAfter(socket, State.LAST_ACK, LAST_ACK_NANOS);
        } else if (segment.request() >= 0) {
            long service = dice.chance(0.05) ? dice.between(0, Nanos.seconds(2)) : Nanos.millis(3);
            later(socket, State.ESTABLISHED, service, () -> answer(segment, socket));
        }
    }

    private void answer(Segment segment, Socket socket) {
        boolean closes = segment.connection().isClosedByServer(segment.request());
        if (closes || (draining && dice.chance(0.3))) {
            orphan(socket);
            reply(
                    segment.connection(),
                    Reply.Kind.LAST,
                    socket.serverSequence(),
                    segment.request());
        } else {
            reply(segment.connection(), Reply.Kind.ACK, socket.serverSequence(), segment.request());
        }
    }

    /** The process closed it; what it wrote is still on its way, and the client acknowledges. */
    private void orphan(Socket socket) {
        socket.become(State.ORPHAN);
        long tail = dice.between(0, Nanos.seconds(6));
        for (long at = TAIL_NANOS; at < tail; at += TAIL_NANOS) {
            later(socket, State.ORPHAN, at, () -> tail(socket, Reply.Kind.ACK));
        }
        for (long at = tail; at < ORPHAN_NANOS; at += Nanos.seconds(2)) {
            later(socket, State.ORPHAN, at, () -> tail(socket, Reply.Kind.FIN));
        }
        forgetAfter(socket, State.ORPHAN, ORPHAN_NANOS);
    }

    private void tail(Socket socket, Reply.Kind kind) {
        reply(socket.connection(), kind, socket.serverSequence(), -1);
    }

    private void onOrphan(Segment segment, Socket socket) {
        if (segment.has(Segment.FIN)) {
            socket.become(State.TIME_WAIT);
            reply(segment.connection(), Reply.Kind.FIN, socket.serverSequence(), -1);
            forgetAfter(socket, State.TIME_WAIT, TIME_WAIT_NANOS);
        } else if (segment.request() >= 0) {
            // Sent before the client knew of the close, and answered already.
            reply(
                    segment.connection(),
                    Reply.Kind.LAST,
                    socket.serverSequence(),
                    segment.request());
        }
    }

    private void onLastAck(Segment segment, Socket socket) {
        if (segment.has(Segment.FIN)) {
            reply(segment.connection(), Reply.Kind.FIN, socket.serverSequence(), -1);
        } else if (segment.request() < 0) {
            sockets.remove(segment.key());
        }
    }

    /** The last acknowledgement is taken in silence, anything else is answered. */
    private void onTimeWait(Segment segment, Socket socket) {
        if (segment.has(Segment.FIN) || segment.request() >= 0) {
            reply(segment.connection(), Reply.Kind.FIN, socket.serverSequence(), -1);
        }
    }

    private void forgetAfter(Socket socket, State state, long nanos) {
        later(socket, state, nanos, () -> sockets.remove(socket.connection().key()));
    }

    /** If the socket is still there and in the same state then. */
    private void later(Socket socket, State state, long nanos, Runnable action) {
        world.after(
                nanos,
                () -> {
                    boolean same = sockets.get(socket.connection().key()) == socket;
                    if (same && socket.state() == state) {
                        action.run();
                    }
                });
    }

    private void reply(Connection connection, Reply.Kind kind, int sequence, int request) {
        world.network()
                .toClient(
                        new Reply(
                                host,
                                connection.key(),
                                kind,
                                sequence,
                                connection.sequence() + 1,
                                request));
    }
}
