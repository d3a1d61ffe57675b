package dev.sluice.lab.scenario;

import dev.sluice.lab.Cluster;
import dev.sluice.lab.Cluster.Cut;
import dev.sluice.lab.LabException;
import dev.sluice.lab.Node;
import dev.sluice.lab.Role;
import dev.sluice.lab.traffic.Flood;

import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/** The faults that there are, with their budgets. */
public final class Faults {
    /**
     * For so long new connections may still be sent to a proxy that died: a director probes every
     * half second, and calls it unreachable after two failures; a client's SYN is repeated after
     * one and three seconds.
     */
    static final Duration PROXY_FAILOVER = Duration.ofSeconds(6);

    /** A server that died refuses at once; what was on its way to it fails. */
    static final Duration UPSTREAM_FAILOVER = Duration.ofSeconds(2);

    private final Cluster cluster;

    public Faults(Cluster cluster) {
        this.cluster = cluster;
    }

    /** {@code kill -9}, and a new process at the end. */
    public Fault kill(Node node) {
        return priced(
                node,
                Fault.harmless(
                        "kill -9 " + node,
                        Optional.of(node),
                        () -> cluster.killProcess(node),
                        () -> startUnlessAlive(node)));
    }

    /** {@code kill -9} and a new process at once. */
    public Fault restart(Node node) {
        return priced(
                node,
                Fault.harmless(
                        "restart " + node,
                        Optional.of(node),
                        () -> {
                            cluster.killProcess(node);
                            cluster.start(node);
                        },
                        () -> {}));
    }

    public Fault loseHost(Node node) {
        return priced(
                node,
                Fault.harmless(
                        "lose the host of " + node,
                        Optional.of(node),
                        () -> cluster.killHost(node),
                        () -> startUnlessAlive(node)));
    }

    /** What a server cannot answer any more its proxy resets, while the client may be sending. */
    private static Fault priced(Node node, Fault fault) {
        return switch (node.role()) {
            case PROXY -> fault.excusing(node, PROXY_FAILOVER).leavingStrays();
            case UPSTREAM -> fault.excusing(node, UPSTREAM_FAILOVER).leavingStrays();
            case ROUTER, CLIENT, ZOOKEEPER, CONTROL, DIRECTOR -> fault;
        };
    }

    private void startUnlessAlive(Node node) throws IOException, LabException {
        if (!cluster.isAlive(node)) {
            cluster.start(node);
        }
    }

    /** Shorter than a client's patience it costs time, and nothing else. */
    public Fault pause(Node node) {
        return Fault.harmless(
                "pause " + node,
                Optional.of(node),
                () -> cluster.pause(node),
                () -> cluster.resume(node));
    }

    /**
     * Shorter than a client's patience it costs time, and nothing else. A client whose SYN-ACK was
     * lost goes on with another proxy; the first one repeats its own later, and the client's answer
     * to that, when it is done with the other, is nobody's.
     */
    public Fault cut(Node node, Cut cut) {
        Fault fault =
                Fault.harmless(
                        "cut %s (%s)".formatted(node, cut.name().toLowerCase(Locale.ROOT)),
                        Optional.of(node),
                        () -> cluster.cut(node, cut),
                        () -> cluster.heal(node));
        return node.role() == Role.PROXY ? fault.leavingStrays() : fault;
    }

    public Fault impair(Node node, int lossPercent, Duration delay) {
        return Fault.harmless(
                "%d %% loss, %d ms delay to %s".formatted(lossPercent, delay.toMillis(), node),
                Optional.of(node),
                () -> cluster.impair(node, lossPercent, delay),
                () -> cluster.heal(node));
    }

    /** A process that cannot live without its disk is started again with it. */
    public Fault fullDisk(Node node) {
        return Fault.harmless(
                "full disk of " + node,
                Optional.of(node),
                () -> cluster.fillDisk(node),
                () -> {
                    cluster.freeDisk(node);
                    startUnlessAlive(node);
                });
    }

    /** Of a process that was started with a movable clock. */
    public Fault clockJump(Node node, Duration ahead) {
        return Fault.harmless(
                "clock of %s %+d s".formatted(node, ahead.toSeconds()),
                Optional.of(node),
                () -> cluster.jumpClock(node, ahead),
                () -> cluster.jumpClock(node, Duration.ZERO));
    }

    /** The router's choice of a director is another for every flow. */
    public Fault reshuffle(int seed) {
        return Fault.harmless(
                "the router hashes by seed " + Integer.toUnsignedString(seed),
                Optional.empty(),
                () -> cluster.reshuffle(seed),
                () -> {});
    }

    /** Packets from addresses beside the clients', for some time: they are nobody's. */
    public Fault flood(Flood.Kind kind, int packetsPerSecond, Duration length) {
        Node client = cluster.topology().nodes(Role.CLIENT).getFirst();
        List<String> command =
                List.of(
                        "lab",
                        "flood",
                        "--kind",
                        kind.name().toLowerCase(Locale.ROOT),
                        "--rate",
                        Integer.toString(packetsPerSecond),
                        "--seconds",
                        Long.toString(length.toSeconds()));
        return Fault.harmless(
                        "%,d %s packets a second".formatted(packetsPerSecond, kind),
                        Optional.of(client),
                        () -> {
                            String ignored = cluster.run(client, command);
                        },
                        () -> {})
                .leavingStrays();
    }
}
