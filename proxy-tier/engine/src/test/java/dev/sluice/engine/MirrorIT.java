package dev.sluice.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.sluice.engine.upstream.Copies.Result;
import dev.sluice.engine.upstream.UpstreamStatus;

import org.junit.jupiter.api.Test;

import java.util.List;
import java.util.Objects;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/** Copies of requests: whole, bounded, and never felt by what they are copies of. */
final class MirrorIT {

    private static Bench bench(Server real, Server mirror, String rules) {
        return bench(real, mirror, rules, "");
    }

    private static Bench bench(Server real, Server mirror, String rules, String upstream) {
        Bench bench = new Bench();
        bench.apply(
                bench.listener(Http2IT.H2)
                        + """
                        upstreams:
                          - {name: app, endpoints: ["%s"]}
                          - {name: next, endpoints: ["%s"]%s}
                        routes:
                          - {upstream: app, mirror: {upstream: next%s}}
                        """
                                .formatted(real.address(), mirror.address(), upstream, rules));
        return bench;
    }

    private static long count(Bench bench, Result result) {
        return Objects.requireNonNull(status(bench).copies().get(result));
    }

    private static UpstreamStatus status(Bench bench) {
        return bench.engine.upstreams().get(1);
    }

    private static void awaitCount(Bench bench, Result result, long count) {
        await().atMost(60, TimeUnit.SECONDS).until(() -> count(bench, result) == count);
        await().atMost(60, TimeUnit.SECONDS).until(() -> status(bench).requests() == 0);
    }

    @Test
    void aCopyHasHeadAndBodyAndItsMark() {
        String rules = ", host: next.internal, request: {set: {X-Mirrored: yes}}";
        try (Server real = Server.saying("real");
                Server mirror = Server.saying("mirror");
                Bench bench = bench(real, mirror, rules);
                Wire wire = bench.connect()) {
            wire.send("POST /a?b HTTP/1.1\r\nHost: test\r\nX-A: 1\r\nContent-Length: 5\r\n\r\nhe");
            wire.send("llo");
            assertThat(wire.readResponse().text()).isEqualTo("real");
            wire.send("POST /c HTTP/1.1\r\nHost: test\r\nTransfer-Encoding: chunked\r\n\r\n");
            wire.send("2\r\nhe\r\n3\r\nllo\r\n0\r\n\r\n");
            assertThat(wire.readResponse().text()).isEqualTo("real");
            awaitCount(bench, Result.ANSWERED, 2);
            Wire.Message copy =
                    mirror.requests.stream()
                            .filter(one -> one.firstLine().equals("POST /a?b HTTP/1.1"))
                            .findFirst()
                            .orElseThrow();
            assertThat(copy.text()).isEqualTo("hello");
            assertThat(copy.field("host")).contains("next.internal");
            assertThat(copy.field("x-mirrored")).contains("yes");
            assertThat(copy.field("x-a")).contains("1");
            assertThat(mirror.requests).extracting(Wire.Message::text).containsOnly("hello");
            assertThat(real.requests.getFirst().field("x-mirrored")).isEmpty();
            assertThat(real.requests.getFirst().field("host")).contains("test");
        }
    }

    @Test
    void copiesGoOverHttp2FromHttp2() {
        List<String> bodies = new CopyOnWriteArrayList<>();
        try (Server real = Server.saying("real");
                Server mirror =
                        Server.of((wire, self) -> {
                            H2Wire h2 = H2Wire.serve(wire);
                            while (true) {
                                H2Wire.Frame head = h2.await(H2Wire.HEADERS);
                                bodies.add(head.field(":path") + h2.body(head.stream()));
                                h2.head(head.stream(), false, ":status", "200");
                                h2.data(head.stream(), true, "mirror");
                            }
                        });
                Bench bench = bench(real, mirror, "", ", version: h2");
                H2Wire client = H2Wire.connect(bench.port)) {
            client.request(1, "POST", "/a", false);
            client.data(1, false, "he");
            client.data(1, true, "llo");
            assertThat(client.reply(1).text()).isEqualTo("real");
            awaitCount(bench, Result.ANSWERED, 1);
            assertThat(bodies).containsExactly("/ahello");
        }
    }

    /** Neither one that hangs nor one that is not there, or breaks off, is felt. */
    @Test
    void aMirrorThatHangsIsNotFelt() {
        CountDownLatch goOn = new CountDownLatch(1);
        try (Server real = Server.saying("real");
                Server mirror =
                        Server.of((wire, self) -> {
                            self.take(wire);
                            goOn.await();
                        });
                Bench bench = bench(real, mirror, ", concurrent: 2");
                Wire wire = bench.connect()) {
            for (int i = 0; i < 5; i++) {
                wire.send("GET / HTTP/1.1\r\nHost: test\r\n\r\n");
                assertThat(wire.readResponse().text()).isEqualTo("real");
            }
            assertThat(count(bench, Result.BUSY)).isEqualTo(3);
            goOn.countDown();
            awaitCount(bench, Result.FAILED, 2);
        }
    }

    @Test
    void aMirrorThatIsNotThereIsNotFelt() {
        Server mirror = Server.saying("mirror");
        try (Server real = Server.saying("real");
                Bench bench = bench(real, mirror, "")) {
            mirror.close();
            assertThat(bench.get("/").text()).isEqualTo("real");
            awaitCount(bench, Result.FAILED, 1);
        }
    }

    @Test
    void oneThatDoesNotAnswerInTimeIsGivenUp() {
        CountDownLatch never = new CountDownLatch(1);
        try (Server real = Server.saying("real");
                Server mirror =
                        Server.of((wire, self) -> {
                            self.take(wire);
                            never.await();
                        });
                Bench bench = bench(real, mirror, ", timeout: 50ms")) {
            assertThat(bench.get("/").text()).isEqualTo("real");
            awaitCount(bench, Result.FAILED, 1);
            never.countDown();
        }
    }

    @Test
    void largeBodiesAreNotCopied() {
        try (Server real = Server.saying("real");
                Server mirror = Server.saying("mirror");
                Bench bench = bench(real, mirror, ", body: 4B");
                Wire wire = bench.connect()) {
            wire.send("POST / HTTP/1.1\r\nHost: test\r\nContent-Length: 5\r\n\r\nhello");
            assertThat(wire.readResponse().text()).isEqualTo("real");
            wire.send("POST / HTTP/1.1\r\nHost: test\r\nTransfer-Encoding: chunked\r\n\r\n");
            wire.send("2\r\nhe\r\n3\r\nllo\r\n0\r\n\r\n");
            assertThat(wire.readResponse().text()).isEqualTo("real");
            awaitCount(bench, Result.TOO_LARGE, 2);
            assertThat(real.requests).extracting(Wire.Message::text).containsOnly("hello");
            assertThat(mirror.requests).isEmpty();
        }
    }

    @Test
    void aRequestThatBreaksOffIsNotCopied() {
        try (Server real = Server.saying("real");
                Server mirror = Server.saying("mirror");
                Bench bench = bench(real, mirror, "")) {
            try (Wire wire = bench.connect()) {
                wire.send("POST / HTTP/1.1\r\nHost: test\r\nContent-Length: 5\r\n\r\nhe");
            }
            awaitCount(bench, Result.INCOMPLETE, 1);
            assertThat(mirror.requests).isEmpty();
        }
    }

    @Test
    void tunnelsAreNotCopied() {
        try (Server real = Server.answering(_ -> "HTTP/1.1 400 No\r\nContent-Length: 0\r\n\r\n");
                Server mirror = Server.saying("mirror");
                Bench bench = bench(real, mirror, "");
                Wire wire = bench.connect()) {
            wire.send(
                    "GET / HTTP/1.1\r\nHost: test\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n"
                            + "Sec-WebSocket-Version: 13\r\n"
                            + "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n\r\n");
            assertThat(wire.readResponse().status()).isEqualTo(400);
            assertThat(real.requests).hasSize(1);
            // Its copy would have begun ahead of this one.
            bench.get("/");
            awaitCount(bench, Result.ANSWERED, 1);
            assertThat(mirror.requests).hasSize(1);
        }
    }

    @Test
    void onlySoManyAreCopied() {
        try (Server real = Server.saying("real");
                Server mirror = Server.saying("mirror");
                Bench bench = bench(real, mirror, ", percent: 10");
                Wire wire = bench.connect()) {
            for (int i = 0; i < 1_000; i++) {
                wire.send("GET / HTTP/1.1\r\nHost: test\r\n\r\n");
                wire.readResponse();
            }
            // Five standard deviations of 1,000 draws.
            await().atMost(60, TimeUnit.SECONDS).until(() -> status(bench).requests() == 0);
            assertThat(count(bench, Result.ANSWERED)).isBetween(53L, 147L);
        }
    }
}
