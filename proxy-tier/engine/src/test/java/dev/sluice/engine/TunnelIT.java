package dev.sluice.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import org.junit.jupiter.api.Test;

final class TunnelIT {
    static final String UPGRADE =
            Wire.crlf(
                    """
                    GET /chat HTTP/1.1
                    Host: test
                    Connection: keep-alive, Upgrade
                    Upgrade: websocket
                    Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==
                    Sec-WebSocket-Version: 13

                    """);

    static final String SWITCHING =
            Wire.crlf(
                    """
                    HTTP/1.1 101 Switching Protocols
                    Connection: Upgrade
                    Upgrade: websocket
                    Sec-WebSocket-Accept: s3pPLMBiTxaQ9kYGzzhZRbK+xOo=

                    """);

    @Test
    void aWebSocketIsATunnelForBytes() {
        try (Server server =
                        Server.of((wire, self) -> {
                            self.take(wire);
                            wire.send(SWITCHING + "first");
                            String heard = wire.readText(4);
                            wire.send("heard " + heard);
                            if (wire.isEnded()) {
                                self.requests.add(new Wire.Message("closed", "", ""));
                            }
                        });
                Bench bench = Bench.to(server);
                Wire wire = bench.connect()) {
            wire.send(UPGRADE);
            String head = wire.readHead();
            assertThat(head).startsWith("HTTP/1.1 101 ").containsIgnoringCase("upgrade: websocket");
            assertThat(head).containsIgnoringCase("Connection: Upgrade\r\n");
            assertThat(wire.readText(5)).isEqualTo("first");
            assertThat(bench.engine.load()).isEqualTo(new Load(1, 0, 1));
            wire.send("\u0000\r\n\u0001");
            assertThat(wire.readText(10)).isEqualTo("heard \u0000\r\n\u0001");
            assertThat(server.requests.getFirst().field("upgrade")).contains("websocket");
            wire.hangUp();
            await().until(() -> server.requests.size() == 2);
            await().until(() -> bench.engine.load().isEmpty());
        }
    }

    @Test
    void aTunnelEndsWithItsServer() {
        try (Server server =
                        Server.of((wire, self) -> {
                            self.take(wire);
                            wire.send(SWITCHING + "bye");
                        });
                Bench bench = Bench.to(server);
                Wire wire = bench.connect()) {
            wire.send(UPGRADE);
            wire.readHead();
            assertThat(wire.readTextToEnd()).isEqualTo("bye");
        }
    }

    @Test
    void aServerMayDeclineAndTheConnectionGoesOn() {
        try (Server server = Server.saying("no sockets here");
                Bench bench = Bench.to(server);
                Wire wire = bench.connect()) {
            for (int i = 0; i < 2; i++) {
                wire.send(UPGRADE);
                assertThat(wire.readResponse().text()).isEqualTo("no sockets here");
            }
        }
    }

    @Test
    void aServerThatSwitchesUnaskedIsWrong() {
        try (Server server = Server.answering(_ -> SWITCHING);
                Bench bench = Bench.to(server)) {
            assertThat(bench.get("/").status()).isEqualTo(502);
        }
    }

    @Test
    void cleartextHttp2IsNeverOfferedOn() {
        try (Server server = Server.saying("plain");
                Bench bench = Bench.to(server);
                Wire wire = bench.connect()) {
            wire.send(
                    "GET / HTTP/1.1\r\nHost: test\r\nConnection: Upgrade, HTTP2-Settings\r\n"
                            + "Upgrade: h2c\r\nHTTP2-Settings: AAMAAABkAAQCAAAAAAIAAAAA\r\n\r\n");
            assertThat(wire.readResponse().text()).isEqualTo("plain");
            assertThat(server.requests.getFirst().head())
                    .doesNotContainIgnoringCase("h2c")
                    .doesNotContainIgnoringCase("upgrade")
                    .doesNotContainIgnoringCase("http2-settings");
        }
    }

    @Test
    void aDrainLeavesTunnelsAloneAndACutDoesNot() {
        try (Server server =
                        Server.of((wire, self) -> {
                            self.take(wire);
                            wire.send(SWITCHING);
                            wire.send(wire.readText(4));
                            wire.readToEnd();
                        });
                Bench bench = Bench.to(server);
                Wire wire = bench.connect()) {
            wire.send(UPGRADE);
            wire.readHead();
            bench.engine.drain();
            wire.send("ping");
            assertThat(wire.readText(4)).isEqualTo("ping");
            bench.engine.cut();
            assertThat(wire.isEnded()).isTrue();
        }
    }
}
