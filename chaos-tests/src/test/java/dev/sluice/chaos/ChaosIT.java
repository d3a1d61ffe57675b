package dev.sluice.chaos;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.lab.LabException;
import dev.sluice.lab.Topology;
import dev.sluice.lab.report.ChaosReport;
import dev.sluice.lab.scenario.Catalog;
import dev.sluice.lab.scenario.Scenario;
import dev.sluice.lab.scenario.Trial;
import dev.sluice.lab.scenario.Trial.Order;
import dev.sluice.lab.scenario.Trial.Outcome;

import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/** Scenarios of {@code sluice chaos run}: a few in every build, all of them in the full one. */
@Tag("cluster")
class ChaosIT {
    private static final Path REPORTS = Path.of("target", "chaos");
    private static final long SEED = 1;

    /** One of each kind: an operator's, a host, packets, a disk, and some of all at once. */
    private static final List<String> FEW =
            List.of("deadline", "proxy-kill", "proxy-deaf", "ack-flood");

    @Test
    void aFewOfEachKindBreakNothing() throws Exception {
        List<Trial> trials = FEW.stream().map(name -> Catalog.find(name).orElseThrow()).toList();
        assertGood(play(trials, new Order(SEED, Optional.empty())));
    }

    static Stream<Topology> topologies() {
        return Catalog.all().stream().map(Trial::topology).distinct();
    }

    @ParameterizedTest
    @MethodSource("topologies")
    @Tag("full")
    void allOfThemBreakNothing(Topology topology) throws Exception {
        List<Trial> trials =
                Catalog.all().stream()
                        .filter(trial -> trial.topology().equals(topology))
                        .filter(trial -> !trial.isOpenEnded())
                        .toList();
        assertGood(play(trials, new Order(SEED, Optional.empty())));
    }

    @Test
    @Tag("full")
    void aSoakLeaksNothing() throws Exception {
        Order order = new Order(System.currentTimeMillis(), Optional.of(Duration.ofMinutes(5)));
        assertGood(play(List.of(Catalog.find("soak").orElseThrow()), order));
    }

    private static List<Outcome> play(List<Trial> trials, Order order)
            throws IOException, LabException {
        List<Outcome> outcomes = new ArrayList<>();
        try (TestCluster cluster =
                TestCluster.start(TestCluster.spec("chaosit", trials.getFirst().topology()))) {
            Scenario.Stage stage =
                    new Scenario.Stage(cluster.lab(), cluster.operator(), cluster.progress());
            for (Trial trial : trials) {
                Outcome outcome = trial.run(stage, order);
                outcome.report().print(System.out);
                cluster.progress().step("see " + ChaosReport.write(outcome, REPORTS));
                outcomes.add(outcome);
            }
        }
        return outcomes;
    }

    private static void assertGood(List<Outcome> outcomes) {
        assertThat(outcomes)
                .isNotEmpty()
                .allSatisfy(outcome ->
                        assertThat(outcome.report().broken()).as(outcome.replay()).isEmpty());
    }
}
