package dev.sluice.engine.upstream;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.cluster.config.HostPort;
import dev.sluice.cluster.l7.L7Config;
import dev.sluice.cluster.l7.Upstream;

import org.junit.jupiter.api.Test;

import java.util.List;
import java.util.Objects;
import java.util.stream.Stream;

final class GroupTest {
    @Test
    void endpointsTakeTurns() {
        Group group = group("\"198.18.3.1:80\", \"198.18.3.2:80\", \"198.18.3.3:80\"");
        List<String> turns =
                Stream.generate(() ->
                                Objects.requireNonNull(group.next(List.of())).address().toString())
                        .limit(6)
                        .toList();
        assertThat(turns)
                .containsExactly(
                        "198.18.3.1",
                        "198.18.3.2",
                        "198.18.3.3",
                        "198.18.3.1",
                        "198.18.3.2",
                        "198.18.3.3");
    }

    @Test
    void theFailedEndpointIsPassedOver() {
        Group group = group("\"198.18.3.1:80\", \"198.18.3.2:80\"");
        HostPort failed = HostPort.parse("198.18.3.1:80");
        for (int i = 0; i < 5; i++) {
            assertThat(group.next(List.of(failed))).isEqualTo(HostPort.parse("198.18.3.2:80"));
        }
    }

    @Test
    void withoutAnotherEndpointThereIsNone() {
        assertThat(group("").next(List.of())).isNull();
        assertThat(group("\"198.18.3.1:80\"").next(List.of(HostPort.parse("198.18.3.1:80"))))
                .isNull();
    }

    @Test
    void aSearchTriesEveryEndpointOnce() {
        Search search =
                new Search(group("\"198.18.3.1:80\", \"198.18.3.2:80\", \"198.18.3.3:80\""));
        HostPort first = Objects.requireNonNull(search.next());
        HostPort second = Objects.requireNonNull(search.nextAfter(first));
        HostPort third = Objects.requireNonNull(search.nextAfter(second));
        assertThat(List.of(first, second, third)).doesNotHaveDuplicates();
        assertThat(search.nextAfter(third)).isNull();
    }

    @Test
    void aSearchGivesUpAfterThree() {
        Search search =
                new Search(
                        group(
                                "\"198.18.3.1:80\", \"198.18.3.2:80\", \"198.18.3.3:80\","
                                        + " \"198.18.3.4:80\""));
        HostPort next = Objects.requireNonNull(search.next());
        next = Objects.requireNonNull(search.nextAfter(next));
        next = Objects.requireNonNull(search.nextAfter(next));
        assertThat(search.nextAfter(next)).isNull();
    }

    @Test
    void onlySoManyRequestsAreOnTheirWay() {
        Group group = group("");
        assertThat(group.enter()).isTrue();
        assertThat(group.enter()).isTrue();
        assertThat(group.enter()).isFalse();
        group.leave();
        assertThat(group.enter()).isTrue();
    }

    @Test
    void onlyAShareOfTheRequestsIsOnItsSecondAttempt() {
        Upstream.Retries retries = new Upstream.Retries(20, 3);
        assertThat(retries.budget(0)).isEqualTo(3);
        assertThat(retries.budget(15)).isEqualTo(3);
        assertThat(retries.budget(20)).isEqualTo(4);
        assertThat(retries.budget(1_000_000)).isEqualTo(200_000);
        Group group = group("");
        for (int i = 0; i < 3; i++) {
            assertThat(group.enterRetry()).isTrue();
        }
        assertThat(group.enterRetry()).isFalse();
        group.leaveRetry();
        assertThat(group.enterRetry()).isTrue();
    }

    private static Group group(String endpoints) {
        return new Group(
                L7Config.parse(
                                "test.yaml",
                                """
                                listeners: [{name: web, addresses: ["198.18.0.1:80"]}]
                                upstreams: [{name: app, endpoints: [%s], maxRequests: 2}]
                                """
                                        .formatted(endpoints))
                        .orElseThrow()
                        .upstreams()
                        .getFirst(),
                null);
    }
}
