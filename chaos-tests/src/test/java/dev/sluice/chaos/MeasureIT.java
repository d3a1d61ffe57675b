package dev.sluice.chaos;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.lab.LabException;
import dev.sluice.lab.LabSpec;
import dev.sluice.lab.Node;
import dev.sluice.lab.Topology;

import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import java.io.IOException;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** The figures of docs/comparison.md that a lab can give: all on one machine. */
@Tag("cluster")
@Tag("full")
class MeasureIT {
    private static final int ROUNDS = 5;
    private static final String PROXY = "proxy-1";

    @ParameterizedTest
    @ValueSource(ints = {1, 2, 4})
    void howLongADrainTakes(int directors) throws Exception {
        LabSpec spec = TestCluster.spec("measureit", Topology.of(directors, 3, 1));
        List<Long> acknowledged = new ArrayList<>();
        List<Long> settled = new ArrayList<>();
        try (TestCluster cluster = TestCluster.start(spec)) {
            for (int i = 0; i < ROUNDS; i++) {
                cluster.awaitSteady();
                long start = System.nanoTime();
                cluster.drain(PROXY);
                cluster.await("the drain's commit", () -> cluster.view().hasLeft(PROXY));
                acknowledged.add(millisSince(start));
                cluster.await("the drain's end", () -> isDrained(cluster));
                settled.add(millisSince(start));
                cluster.fill(PROXY);
            }
            say(cluster, directors + " directors, drain to acknowledged", acknowledged);
            say(cluster, directors + " directors, idle drain to settled", settled);
        }
        assertThat(settled).hasSize(ROUNDS);
    }

    /** The command goes to another controller than the one that has just died. */
    @Test
    void howLongUntilTheNextControllerLeads() throws Exception {
        LabSpec spec = TestCluster.spec("measureit", new Topology(3, 3, 1, 3, 1));
        List<Long> committed = new ArrayList<>();
        try (TestCluster cluster = TestCluster.start(spec)) {
            for (int i = 0; i < ROUNDS; i++) {
                cluster.awaitSteady();
                Node leader = leader(cluster);
                cluster.lab().killProcess(leader);
                long start = System.nanoTime();
                cluster.drain(PROXY);
                cluster.await("the drain's commit", () -> hasLeft(cluster));
                committed.add(millisSince(start));
                cluster.await("the drain's end", () -> isDrained(cluster));
                cluster.lab().start(leader);
                cluster.fill(PROXY);
            }
            say(cluster, "leader's death to the next leader's commit", committed);
        }
        assertThat(committed).hasSize(ROUNDS);
    }

    private static Node leader(TestCluster cluster) throws IOException, LabException {
        cluster.await("a leader", () -> !cluster.view().leader().isEmpty());
        return cluster.node(cluster.view().leader());
    }

    private static boolean hasLeft(TestCluster cluster) {
        return cluster.operator().look().filter(view -> view.hasLeft(PROXY)).isPresent();
    }

    private static boolean isDrained(TestCluster cluster) {
        return cluster.operator()
                .look()
                .filter(view -> view.settled())
                .flatMap(view -> view.proxy(PROXY))
                .filter(proxy -> proxy.state().equals("DRAINED"))
                .isPresent();
    }

    private static long millisSince(long nanos) {
        return TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - nanos);
    }

    private static void say(TestCluster cluster, String what, List<Long> millis) {
        List<Long> sorted = new ArrayList<>(millis);
        Collections.sort(sorted);
        cluster.progress()
                .step(
                        "MEASURED %s: median %d ms of %s"
                                .formatted(what, sorted.get(sorted.size() / 2), sorted));
    }
}
