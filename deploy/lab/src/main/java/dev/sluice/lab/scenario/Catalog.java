package dev.sluice.lab.scenario;

import dev.sluice.lab.LabException;
import dev.sluice.lab.Node;
import dev.sluice.lab.Role;
import dev.sluice.lab.Topology;

import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/** The scenarios that there are, by name. */
public final class Catalog {
    private static final Topology SMALL = Topology.of(2, 3, 2);
    private static final Topology ENSEMBLE = new Topology(3, 3, 2, 3, 2);
    static final Duration LONG = Duration.ofSeconds(8);
    static final Duration SHORT = Duration.ofSeconds(4);

    /** Past ZooKeeper's sessions of four to ten seconds. */
    static final Duration PAST_THE_SESSION = Duration.ofSeconds(12);

    /** A proxy lets a connection to a server rest for half a minute. */
    private static final Duration PAST_RESTING_CONNECTIONS = Duration.ofSeconds(40);

    private Catalog() {}

    /** All of them; the last ones take as long as they are told. */
    public static List<Trial> all() {
        return Stream.of(
                        ChangeTrials.all(),
                        DirectorTrials.all(),
                        ProxyTrials.all(),
                        DeciderTrials.all(),
                        LineTrials.all(),
                        MachineTrials.all(),
                        mixes())
                .flatMap(List::stream)
                .toList();
    }

    public static Optional<Trial> find(String name) {
        return all().stream().filter(trial -> trial.name().equals(name)).findFirst();
    }

    static Trial small(String name, String summary, Script script) {
        return Trial.of(name, summary, SMALL, script);
    }

    static Trial ensemble(String name, String summary, Script script) {
        return Trial.of(name, summary, ENSEMBLE, script);
    }

    /** A kind of fault that a node can have. */
    @FunctionalInterface
    interface Kind {
        Fault of(Faults faults, Node node);
    }

    /** Hurts one of a role for some time. */
    static Script one(Role role, Duration time, Kind kind) {
        return several(role, 1, time, kind);
    }

    /** Hurts several of a role at once. */
    static Script several(Role role, int count, Duration time, Kind kind) {
        return play -> {
            List<Node> nodes = new ArrayList<>(play.nodes(role));
            Collections.shuffle(nodes, play.random());
            play.during(
                    time,
                    nodes.stream()
                            .limit(count)
                            .map(node -> kind.of(play.faults(), node))
                            .toArray(Fault[]::new));
        };
    }

    /** Drains a proxy under faults, and fills it again before they are healed. */
    static void drainAndFill(Play play, Duration each, Fault... faults)
            throws IOException, LabException {
        Node proxy = play.any(play.nodes(Role.PROXY));
        play.during(
                p -> {
                    p.drain(proxy);
                    p.hold(each);
                    p.fill(proxy);
                    p.hold(each);
                },
                faults);
    }

    /** Drains a proxy, hurts somebody before everybody knows, and fills it under that fault. */
    static void hurtInADrain(Play play, Duration time, Fault fault)
            throws IOException, LabException {
        Node proxy = play.any(play.nodes(Role.PROXY));
        play.drain(proxy);
        play.during(
                p -> {
                    p.hold(time);
                    p.fill(proxy);
                },
                fault);
    }

    private static List<Trial> mixes() {
        return List.of(
                small(
                        "storm",
                        "Faults and changes at random, some at once: half a minute, or --minutes.",
                        new Storm(Duration.ofSeconds(30))),
                small(
                                "soak",
                                "A storm of ten minutes, or --minutes, and whether anything leaked by it.",
                                new Storm(Duration.ofMinutes(10)))
                        .lookingForLeaks(PAST_RESTING_CONNECTIONS));
    }
}
