package dev.sluice.lab.scenario;

import dev.sluice.lab.Cluster.Cut;
import dev.sluice.lab.LabException;
import dev.sluice.lab.Node;
import dev.sluice.lab.Role;

import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Supplier;
import java.util.stream.Stream;

/**
 * Rounds of a change and one or two faults at random, until its time is over. Of the proxies one is
 * hurt at a time and of the directors one, so that somebody always can serve.
 *
 * @param length unless the player says another
 */
record Storm(Duration length) implements Script {
    private static final Duration SETTLED = Duration.ofSeconds(90);
    private static final int SHORTEST_MS = 1500;
    private static final int LONGEST_MS = 4500;

    @Override
    public void play(Play play) throws IOException, LabException {
        long end = play.history().nowMs() + play.length(length).toMillis();
        ConfigChurn churn = new ConfigChurn(play);
        List<Node> proxies = play.nodes(Role.PROXY);
        int victim = play.random().nextInt(proxies.size());
        for (int round = 1; play.history().nowMs() < end; round++) {
            play.say("round " + round);
            // Never the one of the last round: two cuts in a row may outlast a client's patience,
            // as TCP repeats at doubling distances.
            victim = (victim + play.random().nextInt(1, proxies.size())) % proxies.size();
            round(play, churn, proxies.get(victim));
            play.settle(SETTLED);
        }
    }

    private static void round(Play play, ConfigChurn churn, Node victim)
            throws IOException, LabException {
        Node proxy = play.any(play.nodes(Role.PROXY));
        boolean drains = play.random().nextBoolean();
        if (drains) {
            play.drain(proxy);
        }
        Fault[] faults = faults(play, victim);
        play.during(
                p -> {
                    p.hold(someTime(p));
                    if (p.random().nextBoolean() && isAtOnce(p, faults)) {
                        churn.apply();
                    }
                    p.hold(someTime(p));
                },
                faults);
        if (drains) {
            play.fill(proxy);
        }
    }

    /**
     * A configuration waits for a controller, and for every proxy to try it: the faults would wait
     * with it, and outlast a client's patience.
     */
    private static boolean isAtOnce(Play play, Fault... faults) throws IOException {
        return Stream.of(faults)
                        .flatMap(fault -> fault.node().stream())
                        .noneMatch(node -> node.role() == Role.PROXY)
                && play.operator().look().isPresent();
    }

    private static Duration someTime(Play play) {
        return Duration.ofMillis(play.random().nextInt(SHORTEST_MS, LONGEST_MS) / 2);
    }

    /** One of the tier that forwards, or serves, or decides; or one of each of two. */
    private static Fault[] faults(Play play, Node victim) {
        List<Fault> some = new ArrayList<>();
        int which = play.random().nextInt(7);
        if (which % 2 == 0) {
            some.add(ofDirector(play));
        }
        if (which >= 2 && which <= 4) {
            Fault fault = ofProxy(play, victim);
            // A director that sleeps or is dead probes nobody: it sends on to a proxy that is cut.
            some.add(some.isEmpty() ? fault : fault.within(Faults.PROXY_FAILOVER));
        }
        if (which >= 5 || which == 1) {
            some.add(ofOthers(play));
        }
        return some.toArray(Fault[]::new);
    }

    private static Fault ofDirector(Play play) {
        Node node = play.any(play.nodes(Role.DIRECTOR));
        Faults faults = play.faults();
        return pick(
                play,
                List.of(
                        () -> faults.kill(node),
                        () -> faults.loseHost(node),
                        () -> faults.pause(node),
                        () -> faults.cut(node, Cut.BOTH),
                        () -> faults.restart(node),
                        () -> faults.fullDisk(node)));
    }

    private static Fault ofProxy(Play play, Node node) {
        Faults faults = play.faults();
        return pick(
                play,
                List.of(
                        () -> faults.pause(node),
                        () -> faults.cut(node, Cut.BOTH),
                        () -> faults.cut(node, Cut.TO_NODE),
                        () -> faults.impair(node, 3, Duration.ofMillis(10)),
                        () -> faults.fullDisk(node)));
    }

    private static Fault ofOthers(Play play) {
        Faults faults = play.faults();
        return pick(
                play,
                List.of(
                        () -> faults.kill(play.nodes(Role.CONTROL).getFirst()),
                        () -> faults.pause(play.nodes(Role.CONTROL).getFirst()),
                        () -> faults.reshuffle(play.random().nextInt()),
                        () ->
                                faults.impair(
                                        play.any(play.nodes(Role.UPSTREAM)), 3, Duration.ZERO)));
    }

    private static Fault pick(Play play, List<Supplier<Fault>> kinds) {
        return play.any(kinds).get();
    }
}
