package dev.sluice.simulation;

import dev.sluice.cluster.pool.Address;
import dev.sluice.cluster.pool.Bind.Protocol;
import dev.sluice.cluster.pool.PoolSpec;
import dev.sluice.cluster.table.FlowKey;
import dev.sluice.simulation.Connection.State;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** All clients: they open connections, send requests one by one, retransmit, and close. */
final class Clients {
    static final Address VIP = Address.parse("203.0.113.10");
    static final int PORT = 443;

    private static final int SYNS = 5;
    private static final int FINS = 4;
    private static final long SYN_NANOS = Nanos.SECOND;
    private static final long REQUEST_NANOS = Nanos.millis(300);
    private static final long LONGEST_WAIT = Nanos.seconds(3);

    private final World world;
    private final PoolSpec spec;
    private final Scenario.Traffic traffic;
    private final Dice dice;
    private final Map<FlowKey, Connection> connections = new LinkedHashMap<>();
    private final List<FlowKey> closed = new ArrayList<>();
    private boolean closing;
    private int opened;
    private int established;
    private int finished;

    Clients(World world, PoolSpec spec, Scenario.Traffic traffic) {
        this.world = world;
        this.spec = spec;
        this.traffic = traffic;
        this.dice = world.dice("clients");
    }

    int opened() {
        return opened;
    }

    int established() {
        return established;
    }

    int finished() {
        return finished;
    }

    /** Connections that are open on the clients' side. */
    List<Connection> open() {
        return connections.values().stream().filter(Connection::isOpen).toList();
    }

    void start() {
        if (closing) {
            return;
        }
        openOne();
        world.after(dice.between(0, 2 * traffic.spacingNanos()), this::start);
    }

    /** No new ones, and those that are there end. */
    void close() {
        closing = true;
        for (Connection connection : List.copyOf(connections.values())) {
            long wait = dice.between(0, Nanos.seconds(5));
            world.after(wait, () -> closeIfIdle(connection));
        }
    }

    /** Every address and port that is free is used again at once. */
    void openAgain() {
        List<FlowKey> free = List.copyOf(closed);
        closed.clear();
        free.forEach(this::open);
    }

    private void openOne() {
        open(tuple());
    }

    private void open(FlowKey tuple) {
        Connection connection = new Connection(opened++, tuple, dice.number(), spec, plan());
        connections.put(connection.key(), connection);
        syn(connection, 0);
    }

    private FlowKey tuple() {
        if (!closed.isEmpty() && dice.chance(traffic.reuse())) {
            return closed.remove(dice.below(closed.size()));
        }
        int client = opened % 7 + 1;
        return new FlowKey(
                Protocol.TCP, Address.parse("198.18.9." + client), 10_000 + opened, VIP, PORT);
    }

    private Connection.Plan plan() {
        long length =
                dice.chance(traffic.longFlows())
                        ? dice.between(Nanos.seconds(20), Nanos.seconds(90))
                        : dice.between(Nanos.millis(100), traffic.shortNanos());
        long think = dice.between(Nanos.millis(50), Nanos.millis(1500));
        int last = dice.chance(0.3) ? dice.below(8) : Integer.MAX_VALUE;
        long patience =
                dice.chance(traffic.slowClients())
                        ? dice.between(0, Nanos.seconds(5))
                        : Nanos.MILLI;
        return new Connection.Plan(world.nowNanos() + length, think, last, patience);
    }

    private void syn(Connection connection, int attempt) {
        if (connection.state() != State.SYN_SENT) {
            return;
        }
        if (attempt == SYNS) {
            end(connection);
            return;
        }
        send(connection, Segment.SYN, connection.sequence(), 0, -1);
        world.after(SYN_NANOS << attempt, () -> syn(connection, attempt + 1));
    }

    private void send(Connection connection, int flags, int sequence, int ack, int request) {
        world.network().fromClient(new Segment(connection, flags, sequence, ack, request));
    }

    private void ack(Connection connection) {
        send(
                connection,
                Segment.ACK,
                connection.sequence() + 1,
                connection.serverSequence() + 1,
                -1);
    }

    private void request(Connection connection, int number, long wait) {
        if (connection.state() != State.ESTABLISHED || connection.request() != number) {
            return;
        }
        send(
                connection,
                Segment.ACK,
                connection.sequence() + 1,
                connection.serverSequence() + 1,
                number);
        world.after(wait, () -> request(connection, number, Math.min(2 * wait, LONGEST_WAIT)));
    }

    private void fin(Connection connection, int attempt) {
        if (connection.state() != State.CLOSING) {
            return;
        }
        if (attempt == FINS) {
            end(connection);
            return;
        }
        send(
                connection,
                Segment.FIN | Segment.ACK,
                connection.sequence() + 1,
                connection.serverSequence() + 1,
                -1);
        world.after(Nanos.SECOND << attempt, () -> fin(connection, attempt + 1));
    }

    private void end(Connection connection) {
        if (connection.state() != State.CLOSED) {
            connection.become(State.CLOSED);
            closed.add(connection.key());
        }
    }

    private void closeIfIdle(Connection connection) {
        if (connection.state() == State.ESTABLISHED || connection.state() == State.TAIL) {
            beginClose(connection);
        }
    }

    private void beginClose(Connection connection) {
        connection.become(State.CLOSING);
        finished++;
        fin(connection, 0);
    }

    /** A host's packet arrives. */
    void receive(Reply reply) {
        Connection connection = connections.get(reply.key());
        if (connection == null) {
            return;
        }
        boolean mine = reply.acknowledgement() == connection.sequence() + 1;
        switch (connection.state()) {
            case SYN_SENT -> onHandshake(connection, reply, mine);
            case ESTABLISHED, TAIL, CLOSING -> {
                if (mine) {
                    onOpen(connection, reply);
                }
            }
            case CLOSED -> refuse(connection, reply);
        }
    }

    private void onHandshake(Connection connection, Reply reply, boolean mine) {
        if (!mine) {
            refuse(connection, reply);
            return;
        }
        switch (reply.kind()) {
            case RST -> end(connection);
            case SYN_ACK -> {
                connection.establish(reply.host(), reply.sequence(), world.nowNanos());
                established++;
                world.announced().established(connection);
                world.trace().say(() -> connection + " is answered by " + reply.host().id());
                world.after(connection.plan().patienceNanos(), () -> acknowledge(connection));
            }
            case ACK, LAST, FIN -> refuse(connection, reply);
        }
    }

    private void acknowledge(Connection connection) {
        if (connection.state() == State.ESTABLISHED) {
            ack(connection);
            request(connection, 0, REQUEST_NANOS);
        }
    }

    /** RFC 9293: an acknowledgement of what was not sent is answered by a reset. */
    private void refuse(Connection connection, Reply reply) {
        if (reply.kind() != Reply.Kind.RST) {
            send(connection, Segment.RST, reply.acknowledgement(), reply.sequence() + 1, -1);
        }
    }

    private void onOpen(Connection connection, Reply reply) {
        if (reply.kind() == Reply.Kind.SYN_ACK) {
            // Of our owner: our acknowledgement was lost. Of another host: a challenge.
            ack(connection);
        } else if (reply.sequence() == connection.serverSequence()) {
            onAnswer(connection, reply);
        }
    }

    private void onAnswer(Connection connection, Reply reply) {
        switch (reply.kind()) {
            case RST -> end(connection);
            case FIN -> onFin(connection);
            case ACK -> {
                if (reply.request() == connection.request()) {
                    answered(connection);
                } else if (reply.request() < 0 && connection.state() == State.TAIL) {
                    ack(connection);
                }
            }
            case LAST -> {
                if (connection.state() == State.ESTABLISHED) {
                    connection.answered(world.nowNanos());
                    connection.become(State.TAIL);
                }
            }
            case SYN_ACK -> throw new IllegalStateException("answered before");
        }
    }

    private void onFin(Connection connection) {
        if (connection.state() == State.CLOSING) {
            ack(connection);
            end(connection);
        } else {
            beginClose(connection);
        }
    }

    private void answered(Connection connection) {
        connection.answered(world.nowNanos());
        if (closing || world.nowNanos() >= connection.plan().endNanos()) {
            if (connection.state() == State.ESTABLISHED) {
                beginClose(connection);
            }
            return;
        }
        int next = connection.request();
        world.after(connection.plan().thinkNanos(), () -> request(connection, next, REQUEST_NANOS));
    }
}
