package dev.sluice.cluster.l7.route;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.cluster.config.Parsed;
import dev.sluice.cluster.l7.L7Config;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import java.time.Duration;

/** What is said of second attempts beside a first one. */
final class HedgingTest {
    private static Parsed<L7Config> parse(String keys) {
        return L7Config.parse(
                "test.yaml",
                """
                listeners: [{name: web, addresses: ["127.0.0.1:8080"]}]
                upstreams: [{name: app, endpoints: ["127.0.0.1:1", "127.0.0.1:2"]}]
                routes: [{%s}]
                """
                        .formatted(keys));
    }

    @Test
    void isOffUnlessItIsAskedFor() {
        assertThat(parse("upstream: app").orElseThrow().routes().getFirst().hedge()).isEmpty();
        assertThat(
                        parse("upstream: app, methods: [POST, GET], hedge: {after: 50ms}")
                                .orElseThrow()
                                .routes()
                                .getFirst()
                                .hedge())
                .contains(new Hedging(Duration.ofMillis(50)));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            textBlock =
                    """
                    upstream: app, hedge: {}                                         | is missing
                    upstream: app, hedge: {after: 0ms}                               | is out of range
                    upstream: app, hedge: {after: 1s}, requestTimeout: 1s            | comes after requestTimeout
                    upstream: app, hedge: {after: 1s}, retries: {perTryTimeout: 1s}  | comes after retries.perTryTimeout
                    upstream: app, hedge: {after: 1s}, retries: {allowed: false}     | may be repeated
                    upstream: app, hedge: {after: 1s}, methods: [POST, PATCH]        | the route takes none
                    'respond: {status: 200}, hedge: {after: 1s}'                     | is for routes to upstreams
                    """)
    void whatWouldNeverHappenIsRefused(String keys, String problem) {
        assertThat(parse(keys).problems().toString()).contains("hedge").contains(problem);
    }
}
