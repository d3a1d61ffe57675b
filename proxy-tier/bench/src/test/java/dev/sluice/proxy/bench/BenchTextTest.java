package dev.sluice.proxy.bench;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

import java.util.List;
import java.util.Optional;

final class BenchTextTest {
    private static final BenchCase SMALL = BenchCase.all(1_000).getFirst();
    private static final ProxyBench.Report REPORT =
            new ProxyBench.Report(
                    List.of(
                            new BenchResult(
                                    SMALL, Peer.HAPROXY, new Samples(16, 15, 17), Optional.empty()),
                            new BenchResult(
                                    SMALL,
                                    Peer.SLUICE_EPOLL,
                                    new Samples(12, 11, 14),
                                    Optional.of(new Samples(0.75, 0.7, 0.9)))),
                    List.of(
                            new LatencyResult(
                                    SMALL,
                                    Peer.NGINX,
                                    500,
                                    LatencyResult.Quantiles.of(
                                            List.of(
                                                    new long[] {3_000, 1_000},
                                                    new long[] {2_000})))),
                    List.of(new IdleResult(Peer.NGINX, 1_000, 10 << 20, 14 << 20)));

    @Test
    void ratiosCompareWithinARound() {
        double[] ours = {10, 20, 40};
        double[] theirs = {20, 20, 20};
        assertThat(Samples.ratio(ours, theirs)).isEqualTo(new Samples(1.0, 1.0, 2.0));
        assertThat(Samples.of(new double[] {5, 1, 2, 4, 3})).isEqualTo(new Samples(3, 2, 4));
    }

    @Test
    void tablesAreForPeople() {
        assertThat(BenchText.table(REPORT).lines().map(line -> line.replaceAll(" +", " ")))
                .containsExactly(
                        "CASE PROXY MICROS/REQUEST SPREAD TO HAPROXY SPREAD",
                        "h1-small haproxy 16.00 15.00..17.00 - -",
                        "h1-small sluice-epoll 12.00 11.00..14.00 0.75 0.70..0.90",
                        "",
                        "LATENCY PROXY REQUESTS/S P50 MICROS P99 P99.9",
                        "h1-small nginx 500 2.00 3.00 3.00",
                        "",
                        "IDLE PROXY RSS MIB BEFORE BYTES EACH",
                        "1000 nginx 14 10 4194");
    }

    @Test
    void jsonIsForPrograms() {
        assertThat(BenchText.json(REPORT))
                .contains(
                        "{\"case\":\"h1-small\",\"proxy\":\"sluice-epoll\",\"micros\":"
                                + "{\"median\":12.00,\"low\":11.00,\"high\":14.00},\"ratio\":"
                                + "{\"median\":0.75,\"low\":0.70,\"high\":0.90}}")
                .contains(
                        "{\"case\":\"h1-small\",\"proxy\":\"nginx\",\"rate\":500,\"micros\":"
                                + "{\"p50\":2.00,\"p99\":3.00,\"p999\":3.00}}")
                .endsWith(
                        "\"idle\":[{\"proxy\":\"nginx\",\"connections\":1000,"
                                + "\"beforeBytes\":10485760,\"bytes\":14680064}]}");
    }
}
