package dev.sluice.chaos.containers;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.lab.Cluster.Cut;
import dev.sluice.lab.LabException;
import dev.sluice.lab.Progress;
import dev.sluice.lab.scenario.Catalog;
import dev.sluice.lab.scenario.Scenario;
import dev.sluice.lab.scenario.Trial;

import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

import java.io.IOException;
import java.time.Duration;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * The compose file's cluster of sixteen containers under the scenarios of the lab: what must not
 * hurt a client there must not hurt it here.
 */
@Tag("cluster")
class ContainersIT {
    private static final Trial.Order ORDER = new Trial.Order(1, Optional.empty());

    /** Past ZooKeeper's own time limits. */
    private static final Duration PAUSE = Duration.ofSeconds(6);

    private static ContainerStart start;
    private static ContainerCluster cluster;

    @BeforeAll
    static void start() throws IOException {
        start = ContainerStart.run(new Progress(System.out));
        cluster = start.cluster();
    }

    @AfterAll
    static void end() {
        if (start != null) {
            start.close();
        }
    }

    private static void assertKeepsItsPromises(Trial trial) throws IOException, LabException {
        Scenario.Stage stage =
                new Scenario.Stage(cluster, start.operator(), new Progress(System.out));
        Trial.Outcome outcome = trial.run(stage, ORDER);
        outcome.report().print(System.out);
        assertThat(outcome.report().broken()).as(trial.name()).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(strings = {"drain", "director-host", "proxy-kill"})
    void keepsItsPromisesAsTheLabDoes(String scenario) throws Exception {
        assertKeepsItsPromises(Catalog.find(scenario).orElseThrow());
    }

    @Test
    void servesWhileTheLeaderOfZooKeeperIsPaused() throws Exception {
        assertKeepsItsPromises(
                Trial.of(
                        "zookeeper-pause",
                        "ZooKeeper's leader sleeps.",
                        ContainerCluster.TOPOLOGY,
                        play ->
                                play.during(
                                        PAUSE,
                                        play.faults()
                                                .pause(
                                                        cluster.ensemble()
                                                                .leader()
                                                                .orElseThrow()))));
    }

    static Stream<Trial> others() {
        return Stream.of(
                        "leader-kill",
                        "zookeeper-majority",
                        "zookeeper-all",
                        "zookeeper-cut",
                        "director-restarts",
                        "director-cut",
                        "config-churn",
                        "upstream-kill")
                .map(name -> Catalog.find(name).orElseThrow());
    }

    @ParameterizedTest
    @MethodSource("others")
    @Tag("full")
    void keepsItsPromisesAsTheLabDoesInMore(Trial trial) throws Exception {
        assertKeepsItsPromises(trial);
    }

    @Test
    @Tag("full")
    void cutsALinkAndHealsIt() throws Exception {
        var director = cluster.node("director-1");
        for (Cut cut : Cut.values()) {
            cluster.cut(director, cut);
            start.await("the loss by " + cut, () -> !isAnnounced(director.address()));
            cluster.heal(director);
            start.await("the return", () -> isAnnounced(director.address()));
        }
        start.awaitWhole();
    }

    private static boolean isAnnounced(String address) throws IOException {
        return cluster.routes().contains("via " + address);
    }
}
