package dev.sluice.lab;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;

class ReportTest {
    private final Report report = new Report();

    @Test
    void aReportThatCheckedNothingIsNotGood() {
        report.figure("broken", 0);
        assertThat(report.isGood()).isFalse();
    }

    @Test
    void oneBrokenPromiseIsEnough() {
        report.check("first", true, "yes");
        assertThat(report.isGood()).isTrue();
        report.check("second", false, "no");
        report.check("third", true, "yes");
        assertThat(report.isGood()).isFalse();
        assertThat(report.broken()).extracting(Report.Check::promise).containsExactly("second");
    }

    @Test
    void printsFiguresAndChecks() {
        report.figure("connections opened", 12);
        report.check("no connection broke", false, "1 broke");
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        report.print(new PrintStream(out, true, StandardCharsets.UTF_8));
        assertThat(out.toString(StandardCharsets.UTF_8))
                .containsPattern("connections opened +12\n")
                .contains("NOT  no connection broke: 1 broke");
    }
}
