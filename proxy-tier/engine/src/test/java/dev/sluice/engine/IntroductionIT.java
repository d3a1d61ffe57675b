package dev.sluice.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.netty.pkitesting.CertificateBuilder;
import io.netty.pkitesting.X509Bundle;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;

/** Servers that hear who the client is before its requests (PROXY protocol). */
final class IntroductionIT {
    private static final String V1 = "    proxyProtocol: v1";
    private static final String GET = "GET / HTTP/1.1\r\nHost: test\r\n\r\n";

    /** By connection. */
    private final List<String> introductions = new CopyOnWriteArrayList<>();

    private Server introduced() {
        return Server.of((wire, self) -> {
            introductions.add(wire.readLine());
            while (true) {
                self.take(wire);
                wire.send(Server.ok(introductions.getLast()));
            }
        });
    }

    private static EngineOptions onOneLoop(Transport transport) {
        return new EngineOptions("p", transport, 1);
    }

    private static X509Bundle authority() throws Exception {
        return new CertificateBuilder()
                .subject("CN=authority")
                .ecp256()
                .setIsCertificateAuthority(true)
                .buildSelfSigned();
    }

    private static String header(Wire client, Bench bench) {
        return "PROXY TCP4 127.0.0.1 127.0.0.1 %d %d"
                .formatted(client.socket().getLocalPort(), bench.port);
    }

    @Test
    void aConnectionThatNamesAClientIsItsOwnAndEndsWithIt() {
        try (Server server = introduced();
                Bench bench = Bench.with("", V1, server)) {
            try (Wire first = bench.connect();
                    Wire second = bench.connect()) {
                for (int round = 0; round < 2; round++) {
                    for (Wire client : List.of(first, second)) {
                        client.send(GET);
                        assertThat(client.readResponse().status()).isEqualTo(200);
                    }
                }
                assertThat(introductions)
                        .containsExactly(header(first, bench), header(second, bench));
                assertThat(server.requests).hasSize(4);
            }
            // They rest for 30 s otherwise.
            await().until(() -> server.closed() == 2);
        }
    }

    @Test
    void whatIsNotToldOfClientsIsShared() {
        try (Server server = Server.saying("hello");
                Bench bench = Bench.with(onOneLoop(Transport.best()), "", "", server)) {
            bench.get("/");
            bench.get("/");
            assertThat(server.connections()).isEqualTo(1);
        }
    }

    /** A client that a balancer in front tells of keeps its connections as well. */
    @Test
    void theClientIsTheOneThatATrustedPeerTellsOf() {
        try (Server server = introduced();
                Bench bench = Bench.with("    proxyProtocol: {from: [127.0.0.0/8]}", V1, server);
                Wire wire = bench.connect()) {
            String header = "PROXY TCP4 203.0.113.7 198.18.0.1 40000 443";
            wire.send(header + "\r\n" + GET);
            assertThat(wire.readResponse().text()).isEqualTo(header);
            wire.send(GET);
            assertThat(wire.readResponse().text()).isEqualTo(header);
            assertThat(server.connections()).isEqualTo(1);
        }
    }

    @Test
    void requestsOfOneClientShareAConnectionOfHttp2() {
        try (Server server =
                        Server.of((wire, self) -> {
                            introductions.add(wire.readLine());
                            H2Wire h2 = H2Wire.serve(wire);
                            while (true) {
                                H2Wire.Frame head = h2.await(H2Wire.HEADERS);
                                h2.head(head.stream(), true, ":status", "204");
                            }
                        });
                Bench bench = Bench.with(Http2IT.H2, V1 + "\n    version: h2", server);
                H2Wire first = H2Wire.connect(bench.port);
                H2Wire second = H2Wire.connect(bench.port)) {
            for (int stream = 1; stream < 6; stream += 2) {
                first.get(stream, "/");
                second.get(stream, "/");
                assertThat(first.reply(stream).status()).isEqualTo(204);
                assertThat(second.reply(stream).status()).isEqualTo(204);
            }
            assertThat(introductions).hasSize(2).doesNotHaveDuplicates();
        }
    }

    @ParameterizedTest
    @EnumSource
    void theHeaderIsAheadOfTls(Transport transport, @TempDir Path folder) throws Exception {
        BlockingQueue<String> began = new LinkedBlockingQueue<>();
        Path trust = folder.resolve("trust.crt");
        Files.writeString(trust, authority().getCertificatePEM());
        String upstream = V1 + "\n    tls: {trust: %s, name: app.internal}".formatted(trust);
        try (Server server =
                        Server.of((wire, _) ->
                                began.add(wire.readLine() + (int) wire.readText(1).charAt(0)));
                Bench bench = Bench.with(onOneLoop(transport), "", upstream, server);
                Wire client = bench.connect()) {
            client.send(GET);
            assertThat(client.readResponse().status()).isEqualTo(502);
            int handshake = 22;
            assertThat(began.poll(60, TimeUnit.SECONDS))
                    .isEqualTo(header(client, bench) + handshake);
        }
    }

    /** The listener's word counts. */
    @Test
    void aStreamIsIntroducedOnce() {
        try (Server server = Server.of((wire, _) -> wire.send(wire.readLine() + wire.readText(4)));
                Bench bench = new Bench()) {
            bench.apply(
                    bench.listener(
                                    "    kind: tcp\n    upstream: app\n    proxyProtocol: {send: v1}")
                            + bench.upstream("    proxyProtocol: v2", server));
            try (Wire wire = bench.connect()) {
                wire.send("ping");
                assertThat(wire.readTextToEnd()).isEqualTo(header(wire, bench) + "ping");
            }
        }
    }
}
