package dev.sluice.chaos;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.lab.LabException;
import dev.sluice.lab.LabSpec;
import dev.sluice.lab.Report;
import dev.sluice.lab.scenario.Comparison;
import dev.sluice.lab.scenario.Discipline;
import dev.sluice.lab.scenario.Rolling;
import dev.sluice.lab.scenario.RollingSpec;
import dev.sluice.lab.scenario.Scenario;

import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

import java.io.IOException;
import java.util.EnumMap;
import java.util.Map;

/**
 * {@code sluice chaos run rolling}: breaks nothing by Sluice's rules, and would notice if it did.
 */
@Tag("cluster")
class RollingIT {
    private static final String BROKEN = "connections broken";
    private static final int FEW = 200;
    private static final int MANY = 1000;

    @Test
    void breaksNothingWhenChangesAreChecked() throws Exception {
        Report report = run(RollingSpec.of(Discipline.SLUICE, 2, 6, FEW));
        assertThat(report.broken()).isEmpty();
        assertThat(report.figures())
                .containsEntry(BROKEN, "0")
                .containsEntry("last resorts (packets)", "0")
                .containsEntry("changes made", "3 of 3");
    }

    @Test
    void countsWhatBreaksWhenTheyAreNot() throws Exception {
        Report report = run(RollingSpec.of(Discipline.UNCHECKED, 2, 6, FEW));
        assertThat(report.broken()).isEmpty();
        assertThat(Integer.parseInt(report.figures().getOrDefault(BROKEN, "0"))).isPositive();
        assertThat(report.figures()).doesNotContainEntry("last resorts (packets)", "0");
    }

    @Test
    @Tag("full")
    void aThousandConnectionsByAllThreeRules() throws Exception {
        Map<Discipline, Report> reports = new EnumMap<>(Discipline.class);
        for (Discipline discipline : Discipline.values()) {
            Report report = run(RollingSpec.of(discipline, 2, 8, MANY));
            assertThat(report.broken()).as(discipline.title()).isEmpty();
            reports.put(discipline, report);
        }
        System.out.println(Comparison.table(reports));
    }

    private static Report run(RollingSpec spec) throws IOException, LabException {
        Scenario scenario = new Rolling(spec);
        LabSpec lab = scenario.lab(TestCluster.spec("rollingit").directory());
        try (TestCluster cluster = TestCluster.start(lab)) {
            Report report =
                    scenario.run(
                            new Scenario.Stage(
                                    cluster.lab(), cluster.operator(), cluster.progress()));
            report.print(System.out);
            return report;
        }
    }
}
