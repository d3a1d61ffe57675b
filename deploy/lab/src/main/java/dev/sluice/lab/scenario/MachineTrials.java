package dev.sluice.lab.scenario;

import dev.sluice.lab.Node;
import dev.sluice.lab.Role;

import java.time.Duration;
import java.util.List;
import java.util.stream.Stream;

/** Disks and clocks. */
final class MachineTrials {
    private static final Duration HOUR = Duration.ofHours(1);

    private MachineTrials() {}

    static List<Trial> all() {
        return List.of(
                Catalog.small(
                        "disk-full",
                        "No disk of a director or proxy has room, during a drain.",
                        play ->
                                Catalog.drainAndFill(
                                        play,
                                        Catalog.SHORT,
                                        Stream.of(Role.PROXY, Role.DIRECTOR)
                                                .flatMap(role -> play.nodes(role).stream())
                                                .map(play.faults()::fullDisk)
                                                .toArray(Fault[]::new))),
                Catalog.ensemble(
                        "zookeeper-disk",
                        "A ZooKeeper server's disk is full.",
                        Catalog.one(Role.ZOOKEEPER, Catalog.LONG, Faults::fullDisk)),
                Catalog.small(
                                "clock",
                                "The controller's clock jumps an hour ahead and a proxy's back, during a drain.",
                                play ->
                                        Catalog.drainAndFill(
                                                play,
                                                Catalog.SHORT,
                                                play.faults().clockJump(control(play), HOUR),
                                                play.faults()
                                                        .clockJump(proxy(play), HOUR.negated())))
                        .preparedBy(play -> {
                            play.cluster().startWithMovableClock(control(play));
                            play.cluster().startWithMovableClock(proxy(play));
                        }));
    }

    private static Node control(Play play) {
        return play.nodes(Role.CONTROL).getFirst();
    }

    private static Node proxy(Play play) {
        return play.nodes(Role.PROXY).getFirst();
    }
}
