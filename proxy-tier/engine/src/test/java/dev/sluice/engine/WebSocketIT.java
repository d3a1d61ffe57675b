package dev.sluice.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import org.junit.jupiter.api.Test;

/** Tunnels for WebSockets, whichever version either side speaks (RFC 6455, RFC 8441). */
final class WebSocketIT {
    private static final int CONNECT_PROTOCOL = 8;
    static final String[] ASK = {
        ":method", "CONNECT",
        ":protocol", "websocket",
        ":scheme", "http",
        ":authority", "test",
        ":path", "/chat",
        "sec-websocket-version", "13"
    };

    static String accepting(Wire.Message request) {
        return "HTTP/1.1 101 Switching Protocols\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n"
                + "Sec-WebSocket-Protocol: chat\r\nSec-WebSocket-Accept: "
                + dev.sluice.engine.http.WebSocket.accept(
                        request.field("sec-websocket-key").orElseThrow())
                + "\r\n\r\n";
    }

    @Test
    void theAnswerToTheKeyIsThatOfTheRfc() {
        assertThat(dev.sluice.engine.http.WebSocket.accept("dGhlIHNhbXBsZSBub25jZQ=="))
                .isEqualTo("s3pPLMBiTxaQ9kYGzzhZRbK+xOo=");
    }

    @Test
    void aClientOfHttp2ReachesAServerOfHttp1() {
        try (Server server =
                        Server.of((wire, self) -> {
                            wire.send(accepting(self.take(wire)) + "first");
                            wire.send("heard " + wire.readText(4));
                            wire.readToEnd();
                        });
                Bench bench = Http2IT.bench(server);
                H2Wire h2 = H2Wire.connect(bench.port)) {
            assertThat(h2.await(H2Wire.SETTINGS).payload()).contains(CONNECT_PROTOCOL);
            h2.head(1, false, ASK);
            H2Wire.Frame head = h2.awaitHead(1);
            assertThat(head.field(":status")).isEqualTo("200");
            assertThat(head.field("sec-websocket-protocol")).isEqualTo("chat");
            assertThat(head.fields()).noneMatch(f -> f.startsWith("sec-websocket-accept"));
            assertThat(head.fields()).noneMatch(f -> f.startsWith("upgrade"));
            assertThat(h2.await(H2Wire.DATA).text()).isEqualTo("first");
            h2.data(1, false, "ping");
            assertThat(h2.await(H2Wire.DATA).text()).isEqualTo("heard ping");
            assertThat(bench.engine.load()).isEqualTo(new Load(1, 0, 1));
            Wire.Message seen = server.requests.getFirst();
            assertThat(seen.firstLine()).isEqualTo("GET /chat HTTP/1.1");
            assertThat(seen.field("upgrade")).contains("websocket");
            assertThat(seen.head()).doesNotContain("protocol: websocket");
            h2.data(1, true, "");
            assertThat(h2.reply(1).frames().getLast().ends()).isTrue();
            await().until(() -> server.closed() == 1);
            await().until(() -> bench.engine.load().tunnels() == 0);
        }
    }

    @Test
    void aServerThatDidNotReadTheKeyIsWrong() {
        try (Server server =
                        Server.answering(_ ->
                                "HTTP/1.1 101 Switching Protocols\r\nConnection: Upgrade\r\n"
                                        + "Upgrade: websocket\r\nSec-WebSocket-Accept: x\r\n\r\n");
                Bench bench = Http2IT.bench(server);
                H2Wire h2 = H2Wire.connect(bench.port)) {
            h2.head(1, false, ASK);
            assertThat(h2.reply(1).status()).isEqualTo(502);
            await().until(() -> bench.engine.load().equals(new Load(1, 0, 0)));
        }
    }

    @Test
    void aServerMayDecline() {
        try (Server server = Server.saying("no sockets here");
                Bench bench = Http2IT.bench(server);
                H2Wire h2 = H2Wire.connect(bench.port)) {
            h2.head(1, false, ASK);
            assertThat(h2.reply(1).text()).isEqualTo("no sockets here");
        }
    }

    @Test
    void whatIsSentBeforeThereIsATunnelIsRefused() {
        try (Server server =
                        Server.of((wire, self) -> {
                            self.requests.add(new Wire.Message(wire.readHead(), "", ""));
                            self.requests.add(new Wire.Message(wire.readTextToEnd(), "", ""));
                        });
                Bench bench = Http2IT.bench(server);
                H2Wire h2 = H2Wire.connect(bench.port)) {
            h2.head(1, false, ASK);
            await().until(() -> server.requests.size() == 1);
            h2.data(1, false, "GET /smuggled HTTP/1.1\r\n\r\n");
            assertThat(h2.reply(1).reset()).contains(H2Wire.PROTOCOL_ERROR);
            await().until(() -> server.requests.size() == 2);
            assertThat(server.requests.get(1).head()).isEmpty();
        }
    }

    @Test
    void anotherProtocolIsNotKnown() {
        try (Bench bench = Http2IT.bench();
                H2Wire h2 = H2Wire.connect(bench.port)) {
            String[] other = ASK.clone();
            other[3] = "connect-udp";
            h2.head(1, false, other);
            H2Wire.Reply reply = h2.reply(1);
            assertThat(reply.status()).isEqualTo(501);
            assertThat(reply.field("sluice-reason")).isEqualTo("unknown-protocol");
        }
    }

    @Test
    void aClientOfHttp1ReachesAServerOfHttp2() {
        try (Server server =
                        Server.of((wire, self) -> {
                            H2Wire h2 = H2Wire.serve(wire, CONNECT_PROTOCOL, 1);
                            H2Wire.Frame head = h2.await(H2Wire.HEADERS);
                            self.requests.add(
                                    new Wire.Message(String.join("\n", head.fields()), "", ""));
                            h2.head(head.stream(), false, ":status", "200");
                            h2.data(head.stream(), false, "first");
                            String heard = h2.await(H2Wire.DATA).text();
                            h2.data(head.stream(), true, "heard " + heard);
                            h2.await(H2Wire.PING);
                        });
                Bench bench = Bench.with("", "    version: h2", server);
                Wire wire = bench.connect()) {
            wire.send(
                    "GET /chat HTTP/1.1\r\nHost: test\r\nConnection: Upgrade\r\n"
                            + "Upgrade: websocket\r\nSec-WebSocket-Version: 13\r\n"
                            + "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n\r\n");
            String head = wire.readHead();
            assertThat(head).startsWith("HTTP/1.1 101 ");
            assertThat(head).contains("s3pPLMBiTxaQ9kYGzzhZRbK+xOo=");
            assertThat(wire.readText(5)).isEqualTo("first");
            wire.send("ping");
            assertThat(wire.readTextToEnd()).isEqualTo("heard ping");
            assertThat(server.requests.getFirst().head())
                    .contains(":method: CONNECT", ":protocol: websocket", ":path: /chat")
                    .doesNotContain("sec-websocket-key");
        }
    }

    @Test
    void aServerOfHttp2ThatTakesNoTunnelsGetsNone() {
        try (Server server =
                        Server.of((wire, self) -> {
                            H2Wire h2 = H2Wire.serve(wire);
                            h2.await(H2Wire.HEADERS);
                            self.requests.add(new Wire.Message("asked", "", ""));
                        });
                Bench bench = Bench.with(Http2IT.H2, "    version: h2", server);
                H2Wire h2 = H2Wire.connect(bench.port)) {
            h2.head(1, false, ASK);
            assertThat(h2.reply(1).field("sluice-reason")).isEqualTo("tunnel-refused");
            assertThat(server.requests).isEmpty();
        }
    }
}
