package dev.sluice.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.sluice.cluster.config.Problem;
import dev.sluice.cluster.l7.L7Config;

import org.junit.jupiter.api.Test;

import java.io.IOException;
import java.nio.file.Files;
import java.util.List;

/** How much is collected, and what is left when a disk, a client or a proxy fails: nothing. */
final class BufferLimitsIT extends Buffering {
    @Test
    void whatACrashLeftBehindIsSweptAtTheStart() throws IOException {
        Files.createDirectories(directory);
        Files.writeString(directory.resolve("left.request"), "secret");
        Files.writeString(directory.resolve("other"), "not ours");
        try (Server server = Server.saying("hello");
                Bench bench = bench(FILE, "", server)) {
            assertThat(bench.get("/").text()).isEqualTo("hello");
            assertThat(files()).containsExactly(directory.resolve("other"));
        }
    }

    @Test
    void aDirectoryThatCannotBeUsedIsAProblemOfTheConfiguration() throws IOException {
        Files.writeString(directory, "a file");
        try (Server server = Server.saying("hello");
                Bench bench = bench(MEMORY, "", server)) {
            L7Config wanted =
                    L7Config.parse("l7.yaml", yaml(bench, "", FILE, "", server)).orElseThrow();
            List<Problem> problems = bench.engine.apply("l7.yaml", wanted);
            assertThat(problems).singleElement().asString().contains("routes[].buffer", "buffers");
            assertThat(bench.get("/").text()).as("the old one serves").isEqualTo("hello");
        }
    }

    @Test
    void aFileThatFailsFailsItsRequestAndNoOther() throws IOException {
        try (Server server = Server.answering(request -> Server.ok(request.text()));
                Bench bench = bench(FILE, "", server);
                Wire wire = bench.connect();
                Wire small = bench.connect()) {
            Files.delete(directory);
            wire.send(posted(100 * KIB) + body(50 * KIB));
            FailureIT.assertFailure(wire.readResponse(), 503, "buffer-failed");
            assertThat(server.connections()).isZero();
            assertThat(bench.engine.figures().buffers().failed()).isEqualTo(1);
            small.send(posted(5) + "hello");
            assertThat(small.readResponse().text()).isEqualTo("hello");
            awaitEmpty(bench);
        }
    }

    @Test
    void anAnnouncedBodyBeyondTheBoundIsRefusedAtOnce() {
        try (Server server = Server.saying("seen");
                Bench bench = bench(FILE, "", server);
                Wire wire = bench.connect();
                H2Wire h2 = H2Wire.connect(bench.port)) {
            wire.send(posted(5 << 20));
            FailureIT.assertFailure(wire.readResponse(), 413, "body-too-large");
            assertThat(wire.isEnded()).isTrue();
            h2.request(1, "POST", "/", false, "content-length", "5000000");
            assertThat(h2.reply(1).status()).isEqualTo(413);
            assertThat(server.connections()).isZero();
            assertThat(bench.engine.figures().buffers().refused()).isEqualTo(2);
            awaitEmpty(bench);
        }
    }

    @Test
    void aBodyThatGrowsBeyondTheBoundIsRefused() {
        try (Server server = Server.saying("seen");
                Bench bench = bench("{memory: 4KiB, file: 8KiB}", "", server);
                Wire wire = bench.connect();
                H2Wire h2 = H2Wire.connect(bench.port)) {
            wire.send(CHUNKED + "2000\r\n" + body(0x2000) + "\r\n2000\r\n" + body(0x2000));
            FailureIT.assertFailure(wire.readResponse(), 413, "body-too-large");
            h2.request(1, "POST", "/", false);
            h2.data(1, false, body(16 * KIB));
            assertThat(h2.reply(1).status()).isEqualTo(413);
            assertThat(server.connections()).isZero();
            assertThat(bench.engine.figures().buffers().refused()).isEqualTo(2);
            awaitEmpty(bench);
        }
    }

    @Test
    void aBodyBeyondTheBoundIsStreamedIfTheRouteSaysSo() {
        String body = body(300 * KIB);
        try (Server server = Server.answering(request -> Server.ok(request.text()));
                Bench bench = bench("{memory: 4KiB, file: 64KiB, beyond: stream}", "", server);
                Wire wire = bench.connect()) {
            wire.send(posted(body.length()) + body.substring(0, 60 * KIB));
            await().until(() -> bench.engine.figures().buffers().fileBytes() > 40_000);
            assertThat(server.connections()).isZero();
            wire.send(body.substring(60 * KIB, 100 * KIB));
            await().until(() -> server.connections() == 1);
            await().until(() -> bench.engine.figures().buffers().memoryBytes() == 0);
            wire.send(body.substring(100 * KIB));
            assertThat(wire.readResponse().text()).isEqualTo(body);
            assertThat(bench.engine.figures().buffers().refused()).isEqualTo(1);
            awaitEmpty(bench);
        }
    }

    @Test
    void allRequestsTogetherHaveABound() {
        try (Server server = Server.answering(request -> Server.ok(request.text()));
                Bench bench = bench(MEMORY, "", server);
                Wire first = bench.connect();
                Wire second = bench.connect()) {
            bench.apply(
                    yaml(
                            bench,
                            "buffers: {memory: 1MiB, file: 0B}\n",
                            "{memory: 1MiB, file: 0B}",
                            "",
                            server));
            first.send(posted(KIB * KIB) + body(900 * KIB));
            await().until(() -> bench.engine.figures().buffers().memoryBytes() == 900 * KIB);
            second.send(posted(500 * KIB) + body(200 * KIB));
            FailureIT.assertFailure(second.readResponse(), 503, "overloaded");
            assertThat(bench.engine.figures().buffers().crowdedOut()).isEqualTo(1);
            assertThat(server.connections()).isZero();
            first.send(body(124 * KIB));
            assertThat(first.readResponse().text()).hasSize(KIB * KIB);
            awaitEmpty(bench);
        }
    }

    @Test
    void aClientThatGoesAwayLeavesNothing() {
        try (Server server = Server.saying("seen");
                Bench bench = bench(FILE, "", server)) {
            try (Wire wire = bench.connect()) {
                wire.send(posted(KIB * KIB) + body(100 * KIB));
                await().until(() -> bench.engine.figures().buffers().files() == 1);
            }
            awaitEmpty(bench);
            assertThat(server.connections()).isZero();
        }
    }

    @Test
    void aStreamThatIsTakenBackLeavesNothing() {
        try (Server server = Server.saying("seen");
                Bench bench = bench(FILE, "", server);
                H2Wire h2 = H2Wire.connect(bench.port)) {
            h2.request(1, "POST", "/", false);
            h2.data(1, false, body(16 * KIB));
            await().until(() -> bench.engine.figures().buffers().files() == 1);
            h2.reset(1, H2Wire.CANCEL);
            awaitEmpty(bench);
            assertThat(server.connections()).isZero();
        }
    }
}
