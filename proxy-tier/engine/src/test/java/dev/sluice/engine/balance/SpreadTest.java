package dev.sluice.engine.balance;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.sluice.cluster.l7.Balancing;

import org.junit.jupiter.api.Test;

import java.util.ArrayDeque;
import java.util.Arrays;
import java.util.Deque;
import java.util.List;

/** How evenly requests are spread, in simulated time and with fixed seeds. */
final class SpreadTest {

    @Test
    void turnsAreTakenOneAfterTheOther() {
        Crowd crowd = Crowd.of(Balancing.Method.ROUND_ROBIN, 3);
        assertThat(new int[] {crowd.pick(), crowd.pick(), crowd.pick(), crowd.pick()})
                .containsExactly(0, 1, 2, 0);
    }

    @Test
    void turnsKeepToTheWeightsExactly() {
        Crowd crowd = new Crowd(Balancing.Method.ROUND_ROBIN, 1);
        crowd.adopt(1, 2, 7);
        assertThat(crowd.picks(1000, 3)).containsExactly(100, 200, 700);
        // Spread out: the light one has its turn in every 20.
        for (int i = 0; i < 50; i++) {
            assertThat(crowd.picks(20, 3)[0]).isBetween(1, 3);
        }
    }

    @Test
    void idleEndpointsAreDueTheirShare() {
        for (Balancing.Method method :
                List.of(Balancing.Method.LEAST_REQUEST, Balancing.Method.ROUND_ROBIN)) {
            Crowd crowd = new Crowd(method, 7);
            crowd.adopt(1, 1, 3);
            int[] picks = crowd.picks(10_000, 3);
            assertThat(picks[2]).as(method.name()).isCloseTo(6_000, within(200));
        }
    }

    /** Under load: a hundred requests on their way, each ended in turn as the next one comes. */
    @Test
    void theBusiestIsNotFarFromTheMean() {
        assertThat(busiest(Balancing.Method.LEAST_REQUEST, 10, 100)).isLessThanOrEqualTo(15);
        assertThat(busiest(Balancing.Method.PEAK_EWMA, 10, 100)).isLessThanOrEqualTo(18);
    }

    private static int busiest(Balancing.Method method, int servers, int open) {
        int most = 0;
        for (long seed = 0; seed < 20; seed++) {
            Crowd crowd = new Crowd(method, seed);
            crowd.adopt(servers);
            Deque<Open> all = new ArrayDeque<>();
            for (int i = 0; i < 5_000; i++) {
                crowd.now += 1_000_000;
                if (all.size() == open) {
                    Open done = all.remove();
                    done.endpoint.answered(done.began, crowd.now);
                    done.endpoint.end(done.began);
                }
                all.add(new Open(crowd.begin(), crowd.now));
                if (i > 500) {
                    most = Math.max(most, all.getLast().endpoint.inFlight());
                }
            }
        }
        return most;
    }

    private record Open(Endpoint endpoint, long began) {}

    @Test
    void burdenedEndpointsKeepToTheirWeights() {
        Crowd crowd = new Crowd(Balancing.Method.LEAST_REQUEST, 3);
        crowd.adopt(1, 2, 5);
        for (int i = 0; i < 800; i++) {
            crowd.begin();
        }
        int[] open =
                crowd.endpoints.status(crowd.now).stream()
                        .mapToInt(EndpointStatus::inFlight)
                        .toArray();
        assertThat(open[0]).isCloseTo(100, within(10));
        assertThat(open[1]).isCloseTo(200, within(20));
        assertThat(open[2]).isCloseTo(500, within(30));
    }

    @Test
    void theSlowServerGetsLessByItsLatency() {
        Crowd crowd = Crowd.of(Balancing.Method.PEAK_EWMA, 4);
        int[] counts = new int[4];
        for (int i = 0; i < 2_000; i++) {
            Endpoint endpoint = crowd.begin();
            int number = Crowd.number(endpoint);
            counts[number]++;
            long began = crowd.now;
            crowd.now += number == 3 ? 500_000_000 : 20_000_000;
            endpoint.answered(began, crowd.now);
            endpoint.end(began);
        }
        assertThat(counts[3]).as(Arrays.toString(counts)).isBetween(1, 60);
    }

    @Test
    void whoNeverAnswersIsNotAskedAgain() {
        Crowd crowd = Crowd.of(Balancing.Method.PEAK_EWMA, 3);
        int[] counts = new int[3];
        for (int i = 0; i < 1_000; i++) {
            Endpoint endpoint = crowd.begin();
            int number = Crowd.number(endpoint);
            counts[number]++;
            if (number != 1) {
                long began = crowd.now;
                crowd.now += 20_000_000;
                endpoint.answered(began, crowd.now);
                endpoint.end(began);
            }
        }
        assertThat(counts[1]).isLessThanOrEqualTo(1);
    }
}
