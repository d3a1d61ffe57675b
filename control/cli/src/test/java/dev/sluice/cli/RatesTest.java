package dev.sluice.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.sluice.proto.cluster.v1.ProxyAnswer;
import dev.sluice.proto.cluster.v1.TrafficReading;
import dev.sluice.proto.cluster.v1.UpstreamTraffic;

import org.assertj.core.data.Offset;
import org.junit.jupiter.api.Test;

import java.util.List;

final class RatesTest {
    private static final Offset<Double> EXACT = within(1e-9);

    private static UpstreamTraffic.Builder app(long total, long errors, Long... counts) {
        return UpstreamTraffic.newBuilder()
                .setName("app")
                .setTotal(total)
                .setErrors(errors)
                .addAllBoundsUs(List.of(1_000L, 10_000L))
                .addAllCounts(List.of(counts))
                .setEndpoints(3)
                .setEjected(1);
    }

    private static TrafficReading at(long seconds, UpstreamTraffic.Builder upstream) {
        return TrafficReading.newBuilder()
                .setAtNanos(seconds * 1_000_000_000)
                .setConnections(5)
                .setRetries(seconds)
                .addUpstreams(upstream)
                .build();
    }

    private static Rates.Upstream between(
            UpstreamTraffic.Builder before, UpstreamTraffic.Builder after) {
        return Rates.between(at(10, before), at(12, after)).orElseThrow().upstreams().getFirst();
    }

    @Test
    void countsAreTakenPerSecondOfTheProxysClock() {
        Rates.Upstream rates = between(app(100, 10, 90L, 10L, 0L), app(140, 13, 120L, 20L, 0L));
        assertThat(rates.requestsPerSecond()).isEqualTo(20, EXACT);
        assertThat(rates.errorsPerSecond()).isEqualTo(1.5, EXACT);
        assertThat(
                        Rates.between(at(10, app(0, 0)), at(12, app(0, 0)))
                                .orElseThrow()
                                .retriesPerSecond())
                .isEqualTo(1, EXACT);
    }

    @Test
    void whileNobodyAnswersWhatWasSeenLastStays() {
        assertThat(TopText.away("no control process", "p1: just started\n"))
                .isEqualTo("NO ANSWER, asking again: no control process\np1: just started\n");
    }

    @Test
    void quantilesAreOfTheIntervalAndWithinTheirBucket() {
        Rates.Upstream rates = between(app(100, 0, 0L, 100L, 0L), app(200, 0, 50L, 150L, 0L));
        assertThat(rates.p50Micros()).isEqualTo(1_000, EXACT);
        assertThat(rates.p99Micros()).isEqualTo(1_000 + 9_000 * 49 / 50.0, EXACT);
    }

    @Test
    void whatIsSlowerThanAllBoundsIsInfinite() {
        assertThat(between(app(0, 0, 0L, 0L, 0L), app(2, 0, 0L, 0L, 2L)).p50Micros()).isInfinite();
    }

    @Test
    void withoutResponsesThereIsNoQuantile() {
        assertThat(between(app(1, 0, 1L, 0L, 0L), app(1, 0, 1L, 0L, 0L)).p99Micros()).isNaN();
    }

    @Test
    void ofCountsThatBeganAnewAllIsNew() {
        Rates.Upstream rates = between(app(1_000, 900, 1_000L, 0L, 0L), app(6, 2, 0L, 6L, 0L));
        assertThat(rates.requestsPerSecond()).isEqualTo(3, EXACT);
        assertThat(rates.errorsPerSecond()).isEqualTo(1, EXACT);
        assertThat(rates.p50Micros()).isEqualTo(5_500, EXACT);
    }

    @Test
    void anotherClockIsNotComparable() {
        assertThat(Rates.between(at(12, app(1, 0)), at(2, app(2, 0)))).isEmpty();
    }

    @Test
    void aRowSaysItForPeopleAndForPrograms() {
        Rates rates =
                Rates.between(at(10, app(0, 0, 0L, 0L, 0L)), at(12, app(40, 4, 40L, 0L, 0L)))
                        .orElseThrow();
        List<TopText.Row> rows =
                List.of(
                        new TopText.Row(ProxyAnswer.newBuilder().setProxy("p1").build(), rates),
                        new TopText.Row(ProxyAnswer.newBuilder().setProxy("p2").build(), null));
        assertThat(TopText.of(rows))
                .isEqualTo(
                        """
                        p1   connections 5   in flight 0   retries/s 1.0   malformed/s 0.0
                          UPSTREAM  REQ/S  5XX/S  P50    P99    ACTIVE  ENDPOINTS  EJECTED  UNWELL
                          app       20.0   2.0    0.5ms  1.0ms  0       3          1        0
                        p2: just started
                        """);
        assertThat(TopText.json(rows).getFirst())
                .contains("\"proxy\":\"p1\"", "\"requests_per_second\":20.0", "\"p50_us\":500");
        assertThat(TopText.json(rows).getLast())
                .isEqualTo("{\"proxy\":\"p2\",\"problem\":\"just started\"}");
    }
}
