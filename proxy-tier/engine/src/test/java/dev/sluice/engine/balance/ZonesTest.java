package dev.sluice.engine.balance;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.sluice.cluster.l7.Balancing;
import dev.sluice.cluster.l7.EndpointSpec;
import dev.sluice.cluster.l7.HealthCheck;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;

/** Ten endpoints in the zone of the proxy, ten elsewhere; simulated, with fixed seeds. */
final class ZonesTest {
    private static final int EACH = 10;
    private static final int TIMES = 20_000;

    /** Of the requests, in percent: five standard deviations of a draw of {@link #TIMES}. */
    private static final double BOUND = 1.8;

    private static Crowd crowd(Balancing.Method method) {
        return crowd(method, "a", "b");
    }

    /** The proxy is in zone a; checks put endpoints out at the first failure. */
    private static Crowd crowd(Balancing.Method method, String first, String second) {
        Crowd crowd = new Crowd(method, 11, "a");
        crowd.check =
                new HealthCheck(
                        new HealthCheck.Tcp(),
                        Optional.empty(),
                        Duration.ofSeconds(1),
                        Duration.ofSeconds(1),
                        1,
                        1);
        List<EndpointSpec> specs = new ArrayList<>();
        for (int i = 0; i < 2 * EACH; i++) {
            specs.add(new EndpointSpec(Crowd.address(i), 1, i < EACH ? first : second));
        }
        crowd.adopt(specs);
        return crowd;
    }

    private static void ail(Crowd crowd, int from, int to) {
        for (int i = from; i < to; i++) {
            crowd.endpoints.onCheck(Crowd.address(i), "refused", crowd.now);
        }
    }

    /** In percent. */
    private static double kept(Crowd crowd) {
        int[] picks = crowd.picks(TIMES, 2 * EACH);
        return 100.0 * IntStream.range(0, EACH).map(i -> picks[i]).sum() / TIMES;
    }

    @ParameterizedTest
    @EnumSource(names = "RING_HASH", mode = EnumSource.Mode.EXCLUDE)
    void requestsStayInTheirZone(Balancing.Method method) {
        assertThat(kept(crowd(method))).isEqualTo(100);
    }

    /** 1.4 × the part that is fit: all down to 8 of 10, then 14 % less for each. */
    @ParameterizedTest
    @CsvSource({"1, 100", "2, 100", "3, 98", "5, 70", "8, 28", "9, 14", "10, 0"})
    void theySpillOverAsTheZoneFails(int unwell, int percent) {
        for (Balancing.Method method :
                List.of(Balancing.Method.LEAST_REQUEST, Balancing.Method.ROUND_ROBIN)) {
            Crowd crowd = crowd(method);
            ail(crowd, 0, unwell);
            assertThat(kept(crowd)).as(method.name()).isCloseTo(percent, within(BOUND));
        }
    }

    /**
     * Idle endpoints are asked by their latencies, and so keep more; here 200 requests are on their
     * way, 20 ms each.
     */
    @ParameterizedTest
    @CsvSource({"2, 100", "5, 70", "8, 28", "10, 0"})
    void byLatencyTheySpillOverUnderLoad(int unwell, int percent) {
        Crowd crowd = crowd(Balancing.Method.PEAK_EWMA);
        ail(crowd, 0, unwell);
        Deque<Open> all = new ArrayDeque<>();
        int kept = 0;
        for (int i = 0; i < TIMES; i++) {
            crowd.now += 100_000;
            if (all.size() == 200) {
                all.remove().end(crowd.now);
            }
            all.add(new Open(crowd.begin(), crowd.now));
            kept += Crowd.number(all.getLast().endpoint) < EACH ? 1 : 0;
        }
        assertThat(100.0 * kept / TIMES).isCloseTo(percent, within(3.0));
    }

    private record Open(Endpoint endpoint, long began) {
        void end(long now) {
            endpoint.answered(began, now);
            endpoint.end(began);
        }
    }

    @Test
    void whatSpillsOverGoesByWeight() {
        Crowd crowd = new Crowd(Balancing.Method.LEAST_REQUEST, 5, "a");
        crowd.check = crowd(Balancing.Method.LEAST_REQUEST).check;
        crowd.adopt(
                List.of(
                        new EndpointSpec(Crowd.address(0), 1, "a"),
                        new EndpointSpec(Crowd.address(1), 1, "a"),
                        new EndpointSpec(Crowd.address(2), 1, "b"),
                        new EndpointSpec(Crowd.address(3), 3, "c")));
        ail(crowd, 0, 1);
        int[] picks = crowd.picks(TIMES, 4);
        assertThat(100.0 * picks[1] / TIMES).isCloseTo(70, within(BOUND));
        assertThat(100.0 * picks[2] / TIMES).isCloseTo(7.5, within(BOUND));
        assertThat(100.0 * picks[3] / TIMES).isCloseTo(22.5, within(BOUND));
    }

    /** The endpoints that are left get what they can do, not more. */
    @Test
    void noEndpointOfTheZoneGetsMoreThanItsHeadroom() {
        for (int unwell = 0; unwell < EACH; unwell++) {
            Crowd crowd = crowd(Balancing.Method.ROUND_ROBIN);
            ail(crowd, 0, unwell);
            int[] picks = crowd.picks(TIMES, 2 * EACH);
            int most = IntStream.range(0, EACH).map(i -> picks[i]).max().orElseThrow();
            assertThat(most).isLessThanOrEqualTo((int) (1.4 * 1.02 * TIMES / EACH));
        }
    }

    @Test
    void aSlowStartCountsForWhatItHasReached() {
        Crowd crowd = crowd(Balancing.Method.LEAST_REQUEST);
        ail(crowd, 0, 5);
        crowd.balancing =
                new Balancing(
                        Balancing.Method.LEAST_REQUEST,
                        Duration.ofSeconds(100),
                        50,
                        crowd.balancing.hashBy());
        crowd.adopt(specs(crowd));
        for (int i = 0; i < 5; i++) {
            crowd.endpoints.onCheck(Crowd.address(i), null, crowd.now);
        }
        // 5 and half a one.
        assertThat(kept(crowd)).isCloseTo(77, within(BOUND));
        crowd.pass(Duration.ofSeconds(20));
        assertThat(kept(crowd)).isCloseTo(84, within(BOUND));
        crowd.pass(Duration.ofSeconds(80));
        assertThat(kept(crowd)).isEqualTo(100);
    }

    private static List<EndpointSpec> specs(Crowd crowd) {
        return crowd.endpoints.status(crowd.now).stream()
                .map(one ->
                        new EndpointSpec(
                                one.address(),
                                one.weight(),
                                Crowd.number(one.address()) < EACH ? "a" : "b"))
                .toList();
    }

    /** A few at a time, so that no bound sends them on. */
    private static boolean[] keys(Crowd crowd) {
        boolean[] own = new boolean[TIMES];
        for (int i = 0; i < TIMES; i++) {
            long place = Endpoints.place(("user-" + i).getBytes(StandardCharsets.UTF_8));
            own[i] = Crowd.number(crowd.endpoints.pick(at(place), crowd.random, 0)) < EACH;
        }
        return own;
    }

    private static Picking at(long place) {
        return new Picking() {
            @Override
            public boolean isOut(Endpoint endpoint) {
                return false;
            }

            @Override
            public long place() {
                return place;
            }
        };
    }

    private static double percent(boolean[] own) {
        return 100.0 * IntStream.range(0, own.length).filter(i -> own[i]).count() / own.length;
    }

    /** A ring of 256 points each is off by some percent itself. */
    @Test
    void theSameKeysSpillOverEverywhere() {
        Crowd crowd = crowd(Balancing.Method.RING_HASH);
        assertThat(percent(keys(crowd))).isEqualTo(100);
        ail(crowd, 0, 5);
        boolean[] own = keys(crowd);
        assertThat(percent(own)).isCloseTo(70, within(5.0));
        Crowd other = crowd(Balancing.Method.RING_HASH);
        ail(other, 0, 5);
        assertThat(keys(other)).isEqualTo(own);
        ail(crowd, 5, 6);
        boolean[] fewer = keys(crowd);
        assertThat(percent(fewer)).isCloseTo(56, within(5.0));
    }

    /** Second attempts, for example. */
    @Test
    void whatNobodyInTheZoneCanTakeGoesElsewhere() {
        Crowd crowd = crowd(Balancing.Method.LEAST_REQUEST);
        Picking elsewhere = endpoint -> Crowd.number(endpoint) < EACH;
        assertThat(crowd.endpoints.hasFree(elsewhere)).isTrue();
        assertThat(Crowd.number(crowd.endpoints.pick(elsewhere, crowd.random, 0)))
                .isGreaterThanOrEqualTo(EACH);
    }

    @Test
    void panicKnowsNoZones() {
        Crowd crowd = crowd(Balancing.Method.LEAST_REQUEST);
        ail(crowd, 0, 3);
        ail(crowd, EACH, 2 * EACH);
        assertThat(crowd.endpoints.isPanic()).isTrue();
        assertThat(kept(crowd)).isCloseTo(50, within(BOUND));
        assertThat(crowd.use(2 * EACH - 1)).isEqualTo(EndpointStatus.Use.USED);
    }

    @Test
    void aZoneWithoutEndpointsAsksEverybody() {
        assertThat(kept(crowd(Balancing.Method.LEAST_REQUEST, "b", "c")))
                .isCloseTo(50, within(BOUND));
    }

    @Test
    void nobodyElsewhereMeansThatAllStay() {
        Crowd crowd = crowd(Balancing.Method.LEAST_REQUEST);
        ail(crowd, EACH, 2 * EACH);
        assertThat(crowd.endpoints.isPanic()).isFalse();
        assertThat(kept(crowd)).isEqualTo(100);
    }

    @Test
    void reasonsSayWhatAZoneDoes() {
        Crowd crowd = crowd(Balancing.Method.LEAST_REQUEST);
        assertThat(crowd.use(0)).isEqualTo(EndpointStatus.Use.USED);
        assertThat(crowd.why(0)).isEmpty();
        assertThat(crowd.use(EACH)).isEqualTo(EndpointStatus.Use.SPARE);
        assertThat(crowd.why(EACH))
                .containsExactly(
                        "zone b: for what zone a cannot take; 100 % of zone a is fit, 72 % is"
                                + " enough");
        ail(crowd, 0, 5);
        assertThat(crowd.use(EACH)).isEqualTo(EndpointStatus.Use.USED);
        assertThat(crowd.why(EACH))
                .containsExactly(
                        "zone b: takes 30 % of the requests with its likes; 50 % of zone a is fit,"
                                + " 72 % is enough");
        assertThat(crowd.why(5)).first().asString().startsWith("zone a: takes 70 %");
    }
}
