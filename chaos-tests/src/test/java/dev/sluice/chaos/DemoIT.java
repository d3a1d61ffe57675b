package dev.sluice.chaos;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.lab.LabException;
import dev.sluice.lab.LabSpec;
import dev.sluice.lab.Report;
import dev.sluice.lab.demo.Demo;
import dev.sluice.lab.demo.DemoSpec;

import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

import java.io.IOException;

/** {@code sluice demo}: it keeps its promises, and would notice if they were broken. */
@Tag("cluster")
class DemoIT {
    private static final LabSpec SPEC = TestCluster.spec("demoit");
    private static final String WHOLE = "the download is whole";
    private static final String NONE_BROKE = "no connection broke";

    @Test
    void keepsEveryPromise() throws Exception {
        Report report = run(SPEC);
        report.print(System.out);
        assertThat(report.broken()).isEmpty();
        assertThat(report.isGood()).isTrue();
        assertThat(report.figures()).containsEntry("broken", "0");
    }

    @Test
    void reportsABrokenDownloadWhenChainsHaveOneHop() throws Exception {
        Report report = run(SPEC.withChainHops(1));
        report.print(System.out);
        assertThat(report.isGood()).isFalse();
        assertThat(report.broken()).extracting(Report.Check::promise).contains(WHOLE, NONE_BROKE);
        assertThat(report.figures()).doesNotContainEntry("broken", "0");
    }

    private static Report run(LabSpec spec) throws IOException, LabException {
        try (TestCluster cluster = TestCluster.start(spec)) {
            return new Demo(cluster.lab(), cluster.operator(), DemoSpec.DEFAULT, cluster.progress())
                    .run();
        }
    }
}
