package dev.sluice.engine;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.engine.http.Failure;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import java.util.concurrent.atomic.AtomicInteger;

/** A route's own word on whether its requests are asked a second time. */
final class RouteRetriesIT {
    private static final String ROUND_ROBIN = "    balance: round-robin";

    private static Server failing(int status) {
        return Server.answering(_ -> "HTTP/1.1 " + status + " No\r\nContent-Length: 4\r\n\r\nfail");
    }

    private static Bench bench(String retries, Server... servers) {
        Bench bench = new Bench();
        bench.apply(
                bench.listener(Http2IT.H2)
                        + bench.upstream(ROUND_ROBIN, servers)
                        + "routes: [{upstream: app, retries: %s}]".formatted(retries));
        return bench;
    }

    @ParameterizedTest
    @ValueSource(ints = {502, 503, 504})
    void anAnswerThatTheRouteDoesNotWantIsAskedForElsewhere(int status) {
        try (Server bad = failing(status);
                Server good = Server.saying("good");
                Bench bench = bench("{statuses: [502, 503, 504]}", bad, good)) {
            for (int i = 0; i < 4; i++) {
                assertThat(bench.get("/").text()).isEqualTo("good");
            }
            try (H2Wire h2 = H2Wire.connect(bench.port)) {
                h2.get(1, "/");
                assertThat(h2.reply(1).text()).isEqualTo("good");
            }
            assertThat(bad.requests).isNotEmpty();
            assertThat(bench.engine.figures().retries().get(Failure.BAD_STATUS))
                    .isEqualTo(bad.requests.size());
        }
    }

    @Test
    void otherAnswersAndWhatIsNotSafeToRepeatGoThrough() {
        try (Server bad = failing(503);
                Server worse = failing(503);
                Bench bench = bench("{statuses: [502, 504]}", bad, worse)) {
            assertThat(bench.get("/").status()).isEqualTo(503);
            assertThat(bad.requests.size() + worse.requests.size()).isEqualTo(1);
        }
        try (Server bad = failing(503);
                Server worse = failing(503);
                Bench bench = bench("{statuses: [503]}", bad, worse);
                Wire wire = bench.connect()) {
            wire.send("POST / HTTP/1.1\r\nhost: test\r\ncontent-length: 2\r\n\r\nhi");
            assertThat(wire.readResponse().text()).isEqualTo("fail");
            assertThat(bad.requests.size() + worse.requests.size()).isEqualTo(1);
        }
    }

    @Test
    void theSecondAnswerIsTakenAsItIs() {
        try (Server bad = failing(503);
                Server worse = failing(503);
                Bench bench = bench("{statuses: [503]}", bad, worse)) {
            assertThat(bench.get("/").text()).isEqualTo("fail");
            assertThat(bad.requests).hasSize(1);
            assertThat(worse.requests).hasSize(1);
        }
    }

    @Test
    void aRouteWithoutRetriesAsksOnce() {
        Server.Behaviour dying = (wire, server) -> server.take(wire);
        try (Server one = Server.of(dying);
                Server other = Server.of(dying);
                Bench bench = bench("{allowed: false}", one, other)) {
            assertThat(bench.get("/").field("sluice-reason")).contains("upstream-closed");
            assertThat(one.requests.size() + other.requests.size()).isEqualTo(1);
        }
        try (Server one = Server.of(dying);
                Server other = Server.of(dying);
                Bench bench = bench("{}", one, other)) {
            bench.get("/");
            assertThat(one.requests.size() + other.requests.size()).isEqualTo(2);
        }
    }

    @Test
    void theTimeOfAnAttemptIsTheRoutes() {
        AtomicInteger asked = new AtomicInteger();
        Server.Behaviour silentOnce =
                (wire, server) -> {
                    server.take(wire);
                    if (asked.incrementAndGet() > 1) {
                        wire.send(Server.ok("late"));
                    }
                    wire.readToEnd();
                };
        try (Server one = Server.of(silentOnce);
                Server other = Server.of(silentOnce);
                Bench bench = bench("{perTryTimeout: 50ms}", one, other)) {
            assertThat(bench.get("/").text()).isEqualTo("late");
            assertThat(one.requests).hasSize(1);
            assertThat(other.requests).hasSize(1);
        }
    }
}
