package dev.sluice.lab.fabric;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

import java.util.List;
import java.util.Map;

class DeviceStatisticsTest {
    @Test
    void countsSentPacketsAndThoseLostOnTheWay() {
        List<String> table =
                List.of(
                        "Inter-|   Receive                  |  Transmit",
                        " face |bytes packets errs drop ... |bytes packets errs drop ...",
                        "    lo:  100 1 0 0 0 0 0 0  100 1 0 0 0 0 0 0",
                        "director-1: 2000 20 0 1 0 0 0 0 3000 30 0 2 0 0 0 0");
        assertThat(DeviceStatistics.parse(table)).isEqualTo(Map.of("lo", 1L, "director-1", 32L));
    }
}
