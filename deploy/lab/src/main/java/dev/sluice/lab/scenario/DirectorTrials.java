package dev.sluice.lab.scenario;

import dev.sluice.lab.Cluster.Cut;
import dev.sluice.lab.LabException;
import dev.sluice.lab.Node;
import dev.sluice.lab.Role;

import java.io.IOException;
import java.time.Duration;
import java.util.List;

/** Directors that die, return and lag. */
final class DirectorTrials {
    private DirectorTrials() {}

    static List<Trial> all() {
        return List.of(
                Catalog.small(
                        "director-kill",
                        "A director's process dies, and returns.",
                        Catalog.one(Role.DIRECTOR, Catalog.LONG, Faults::kill)),
                Catalog.small(
                        "director-host",
                        "A director's host is lost, and returns.",
                        Catalog.one(Role.DIRECTOR, Catalog.LONG, Faults::loseHost)),
                Catalog.small(
                        "director-cut",
                        "A director is cut off, both ways, and no link goes down.",
                        Catalog.one(
                                Role.DIRECTOR,
                                Catalog.LONG,
                                (faults, node) -> faults.cut(node, Cut.BOTH))),
                Catalog.small(
                        "director-mute",
                        "A director hears everything, and nothing that it sends arrives.",
                        Catalog.one(
                                Role.DIRECTOR,
                                Catalog.LONG,
                                (faults, node) -> faults.cut(node, Cut.FROM_NODE))),
                Catalog.small(
                        "director-restarts",
                        "Every director's process is restarted, one after the other.",
                        play -> {
                            for (Node director : play.nodes(Role.DIRECTOR)) {
                                play.during(Duration.ofSeconds(3), play.faults().restart(director));
                            }
                        }),
                Catalog.small(
                        "director-lags",
                        "A director sleeps through a drain and a fill: its table is old.",
                        play ->
                                Catalog.drainAndFill(
                                        play,
                                        Catalog.SHORT,
                                        play.faults().pause(play.any(play.nodes(Role.DIRECTOR))))),
                Catalog.small(
                        "ecmp",
                        "The router reshuffles all flows over the directors, during a drain.",
                        DirectorTrials::reshuffle));
    }

    private static void reshuffle(Play play) throws IOException, LabException {
        Node proxy = play.any(play.nodes(Role.PROXY));
        play.drain(proxy);
        for (int i = 0; i < 5; i++) {
            play.during(Duration.ofSeconds(1), play.faults().reshuffle(play.random().nextInt()));
        }
        play.fill(proxy);
    }
}
