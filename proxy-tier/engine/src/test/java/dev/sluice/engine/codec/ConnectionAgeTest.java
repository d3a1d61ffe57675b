package dev.sluice.engine.codec;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

import java.time.Duration;
import java.util.LongSummaryStatistics;
import java.util.Random;
import java.util.stream.LongStream;

final class ConnectionAgeTest {
    @Test
    void connectionsGrowOldOverAFifthOfTheirAge() {
        Random random = new Random(1);
        LongSummaryStatistics millis =
                LongStream.range(0, 10_000)
                        .map(_ -> ConnectionAge.nanos(Duration.ofSeconds(100), random) / 1_000_000)
                        .summaryStatistics();
        assertThat(millis.getMin()).isBetween(90_000L, 90_100L);
        assertThat(millis.getMax()).isBetween(109_900L, 110_000L);
        assertThat(millis.getAverage()).isBetween(99_800.0, 100_200.0);
    }
}
