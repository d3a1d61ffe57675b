package dev.sluice.lab.scenario;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.lab.Report;

import org.junit.jupiter.api.Test;

import java.util.Map;

class ComparisonTest {
    @Test
    void isATableInTheOrderOfTheDisciplines() {
        Report sluice = new Report();
        sluice.figure("broken", 0);
        sluice.figure("settled after", "70 ms");
        Report unchecked = new Report();
        unchecked.figure("broken", 31);
        assertThat(
                        Comparison.table(
                                Map.of(Discipline.UNCHECKED, unchecked, Discipline.SLUICE, sluice)))
                .isEqualTo(
                        """
                        |  | Sluice | GLB unchecked |
                        | --- | ---: | ---: |
                        | broken | 0 | 31 |
                        | settled after | 70 ms | – |
                        """);
    }
}
