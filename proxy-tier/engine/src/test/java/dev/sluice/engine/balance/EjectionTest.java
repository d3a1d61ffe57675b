package dev.sluice.engine.balance;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.cluster.l7.Balancing;
import dev.sluice.cluster.l7.Ejection;
import dev.sluice.cluster.l7.EndpointSpec;
import dev.sluice.cluster.l7.route.RequestKey;

import org.junit.jupiter.api.Test;

import java.time.Duration;
import java.util.List;

final class EjectionTest {
    private final Crowd crowd = Crowd.of(Balancing.Method.ROUND_ROBIN, 4);

    @Test
    void fiveFailuresInARowEject() {
        Endpoint bad = crowd.endpoint(2);
        crowd.fail(bad, 4);
        assertThat(crowd.picks(40, 4)).containsExactly(10, 10, 10, 10);
        assertThat(crowd.why(2)).containsExactly("4 of 5 failures in a row that eject it");
        crowd.fail(bad, 1);
        assertThat(crowd.picks(30, 4)).containsExactly(10, 10, 0, 10);
        assertThat(crowd.use(2)).isEqualTo(EndpointStatus.Use.EJECTED);
        assertThat(crowd.why(2))
                .containsExactly(
                        "ejected after 5 failures in a row, the last: response-timeout;"
                                + " back in 30s (ejection 1 of late)");
        assertThat(crowd.heard)
                .containsExactly(
                        "ejected 2 for 30s: 5 failures in a row, the last: response-timeout");
    }

    @Test
    void aSuccessInBetweenBeginsAnew() {
        Endpoint endpoint = crowd.endpoint(0);
        for (int i = 0; i < 10; i++) {
            crowd.fail(endpoint, 4);
            crowd.endpoints.onSuccess(endpoint);
        }
        assertThat(crowd.heard).isEmpty();
    }

    @Test
    void eachTimeIsLongerUpToTheLongest() {
        Endpoint bad = crowd.endpoint(1);
        for (int times = 1; times <= 12; times++) {
            crowd.fail(bad, 5);
            long seconds = Math.min(30L * times, 300);
            assertThat(crowd.heard.getLast()).startsWith("ejected 1 for " + seconds + "s");
            crowd.pass(Duration.ofSeconds(seconds - 1));
            assertThat(crowd.use(1)).isEqualTo(EndpointStatus.Use.EJECTED);
            crowd.pass(Duration.ofSeconds(1));
            assertThat(crowd.heard.getLast()).isEqualTo("back 1");
            assertThat(crowd.use(1)).isEqualTo(EndpointStatus.Use.USED);
        }
    }

    @Test
    void goodConductIsRewarded() {
        Endpoint bad = crowd.endpoint(1);
        crowd.fail(bad, 5);
        crowd.pass(Duration.ofSeconds(30));
        crowd.fail(bad, 5);
        crowd.pass(Duration.ofSeconds(60));
        // Two ejections; one is forgiven for each ten seconds.
        crowd.pass(Duration.ofSeconds(20));
        crowd.fail(bad, 5);
        assertThat(crowd.heard.getLast()).startsWith("ejected 1 for 30s");
    }

    @Test
    void noMoreThanTheShareIsOutButOneMayBe() {
        crowd.fail(crowd.endpoint(0), 5);
        crowd.fail(crowd.endpoint(1), 50);
        assertThat(crowd.picks(30, 4)).containsExactly(0, 10, 10, 10);
        assertThat(crowd.why(1)).containsExactly("50 of 5 failures in a row that eject it");
        Crowd large = Crowd.of(Balancing.Method.ROUND_ROBIN, 30);
        for (int i = 0; i < 5; i++) {
            large.fail(large.endpoint(i), 5);
        }
        assertThat(large.heard).hasSize(3);
    }

    @Test
    void theLastOneIsUsedAllTheSameAndThatIsSaid() {
        Crowd alone = Crowd.of(Balancing.Method.LEAST_REQUEST, 1);
        alone.fail(alone.endpoint(0), 5);
        assertThat(alone.pick()).isZero();
        assertThat(alone.heard).last().isEqualTo("panic 0/1");
        assertThat(alone.why(0).getFirst())
                .isEqualTo("panic: used all the same, as fewer than 50 % of the endpoints are fit");
        alone.pass(Duration.ofSeconds(30));
        assertThat(alone.heard).last().isEqualTo("calm 1/1");
    }

    @Test
    void withoutPanicNobodyIsLeft() {
        Crowd strict = Crowd.of(Balancing.Method.LEAST_REQUEST, 1);
        strict.balancing =
                new Balancing(
                        Balancing.Method.LEAST_REQUEST, Duration.ZERO, 0, new RequestKey.Client());
        strict.adopt(1);
        strict.fail(strict.endpoint(0), 5);
        assertThat(strict.pick()).isEqualTo(-1);
    }

    @Test
    void anotherConfigurationForgetsNothing() {
        Endpoint bad = crowd.endpoint(2);
        bad.begin(crowd.now, Integer.MAX_VALUE);
        crowd.fail(bad, 5);
        crowd.balancing =
                new Balancing(
                        Balancing.Method.LEAST_REQUEST, Duration.ZERO, 40, new RequestKey.Client());
        crowd.adopt(2, 2, 2, 2, 2);
        EndpointStatus status = crowd.endpoints.status(crowd.now).get(2);
        assertThat(status.use()).isEqualTo(EndpointStatus.Use.EJECTED);
        assertThat(status.inFlight()).isEqualTo(1);
        assertThat(status.weight()).isEqualTo(2);
    }

    @Test
    void rulesWithoutEjectionEndIt() {
        crowd.fail(crowd.endpoint(2), 5);
        crowd.ejection =
                new Ejection(
                        0, Duration.ofSeconds(1), Duration.ofSeconds(1), Duration.ofSeconds(1), 10);
        crowd.adopt(4);
        assertThat(crowd.picks(40, 4)).containsExactly(10, 10, 10, 10);
    }

    @Test
    void oneThatIsGoneIsEjectedNoMore() {
        Endpoint gone = crowd.endpoint(3);
        crowd.adopt(3);
        crowd.fail(gone, 5);
        assertThat(crowd.heard).isEmpty();
        assertThat(crowd.endpoints.addresses()).hasSize(3);
    }

    @Test
    void oneThatComesOrComesBackStartsSlowly() {
        crowd.balancing =
                new Balancing(
                        Balancing.Method.ROUND_ROBIN,
                        Duration.ofSeconds(10),
                        50,
                        new RequestKey.Client());
        crowd.adopt(4);
        assertThat(crowd.picks(400, 4)).containsExactly(100, 100, 100, 100);
        crowd.adopt(5);
        assertThat(crowd.picks(410, 5)).containsExactly(100, 100, 100, 100, 10);
        assertThat(crowd.why(4)).containsExactly("slow start: at 10 % of its weight");
        crowd.pass(Duration.ofSeconds(5));
        assertThat(crowd.picks(450, 5)).containsExactly(100, 100, 100, 100, 50);
        crowd.pass(Duration.ofSeconds(5));
        assertThat(crowd.picks(500, 5)).containsExactly(100, 100, 100, 100, 100);
        crowd.fail(crowd.endpoint(0), 5);
        crowd.pass(Duration.ofSeconds(30));
        assertThat(crowd.picks(410, 5)).containsExactly(10, 100, 100, 100, 100);
    }

    @Test
    void weightZeroTakesNothing() {
        crowd.adopt(
                List.of(
                        new EndpointSpec(Crowd.address(0), 0),
                        new EndpointSpec(Crowd.address(1), 1)));
        assertThat(crowd.picks(10, 2)).containsExactly(0, 10);
        assertThat(crowd.use(0)).isEqualTo(EndpointStatus.Use.RESTING);
        assertThat(crowd.why(0)).containsExactly("weight 0: only for clients that stay with it");
    }
}
