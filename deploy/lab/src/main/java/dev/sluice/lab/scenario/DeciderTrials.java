package dev.sluice.lab.scenario;

import dev.sluice.lab.Cluster.Cut;
import dev.sluice.lab.LabException;
import dev.sluice.lab.Node;
import dev.sluice.lab.Role;

import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.stream.Stream;

/** Controllers and ZooKeeper: those who decide. */
final class DeciderTrials {
    private DeciderTrials() {}

    static List<Trial> all() {
        return Stream.concat(controllers().stream(), ensembles().stream()).toList();
    }

    private static List<Trial> controllers() {
        return List.of(
                Catalog.small(
                        "control-kill",
                        "The only controller and its ZooKeeper die, and return.",
                        thenChange(
                                Catalog.one(Role.CONTROL, Catalog.PAST_THE_SESSION, Faults::kill))),
                Catalog.ensemble(
                        "leader-kill",
                        "The leading controller dies in the middle of a drain.",
                        play ->
                                Catalog.hurtInADrain(
                                        play,
                                        Catalog.LONG,
                                        play.faults().kill(play.leader().orElseThrow()))),
                Catalog.ensemble(
                        "controllers-kill",
                        "All controllers die, and return.",
                        thenChange(
                                Catalog.several(
                                        Role.CONTROL, 3, Catalog.PAST_THE_SESSION, Faults::kill))));
    }

    private static List<Trial> ensembles() {
        return List.of(
                Catalog.ensemble(
                        "zookeeper-leader",
                        "ZooKeeper's leader dies in the middle of a drain.",
                        play ->
                                Catalog.hurtInADrain(
                                        play,
                                        Catalog.SHORT,
                                        play.faults().kill(zooKeepersLeader(play)))),
                Catalog.ensemble(
                        "zookeeper-majority",
                        "ZooKeeper loses its majority for longer than a session.",
                        thenChange(
                                Catalog.several(
                                        Role.ZOOKEEPER,
                                        2,
                                        Catalog.PAST_THE_SESSION,
                                        Faults::kill))),
                Catalog.ensemble(
                        "zookeeper-all",
                        "ZooKeeper is gone for longer than a session, and a director restarts.",
                        thenChange(play ->
                                play.during(
                                        DeciderTrials::restartADirector,
                                        play.nodes(Role.ZOOKEEPER).stream()
                                                .map(play.faults()::kill)
                                                .toArray(Fault[]::new)))),
                Catalog.ensemble(
                        "zookeeper-cut",
                        "ZooKeeper's leader hears everybody and is heard by nobody.",
                        thenChange(play ->
                                play.during(
                                        Catalog.LONG,
                                        play.faults()
                                                .cut(zooKeepersLeader(play), Cut.FROM_NODE)))));
    }

    /** Whoever decides shows that they can again. */
    private static Script thenChange(Script first) {
        return play -> {
            first.play(play);
            Catalog.drainAndFill(play, Duration.ofSeconds(1));
        };
    }

    private static Node zooKeepersLeader(Play play) {
        return play.cluster().ensemble().leader().orElseThrow();
    }

    private static void restartADirector(Play play) throws IOException, LabException {
        play.hold(Catalog.SHORT);
        Node director = play.any(play.nodes(Role.DIRECTOR));
        play.during(Catalog.LONG, play.faults().restart(director));
    }
}
