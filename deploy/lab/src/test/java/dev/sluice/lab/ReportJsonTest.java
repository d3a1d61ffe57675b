package dev.sluice.lab;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

import java.util.Map;

class ReportJsonTest {
    @Test
    void hasFiguresAndChecksInTheirOrder() {
        Report report = new Report();
        report.figure("broken", 0);
        report.figure("a", "1 ms");
        report.check("it \"holds\"", false, "a\\b\n");
        assertThat(ReportJson.of(Map.of("sluice", report)))
                .isEqualTo(
                        "{\"sluice\":{\"good\":false,\"figures\":{\"broken\":\"0\",\"a\":\"1 ms\"},"
                                + "\"checks\":[{\"promise\":\"it \\\"holds\\\"\",\"kept\":false,"
                                + "\"seen\":\"a\\\\b\\u000a\"}]}}");
    }
}
