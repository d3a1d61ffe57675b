package dev.sluice.engine;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import java.util.ArrayList;
import java.util.List;

/** What could be read in two ways never reaches a server (RFC 9113 §8). */
final class Http2StrictnessIT {

    /** Fields as {@code name=value}, separated by blanks; {@code _} stands for a blank. */
    @ParameterizedTest
    @ValueSource(
            strings = {
                ":method=GET :scheme=http :path=/ connection=close :authority=a",
                ":method=GET :scheme=http :authority=a :path=/ connection=close",
                ":method=GET :scheme=http :authority=a :path=/ transfer-encoding=chunked",
                ":method=GET :scheme=http :authority=a :path=/ upgrade=h2c",
                ":method=GET :scheme=http :authority=a :path=/ keep-alive=5",
                ":method=GET :scheme=http :authority=a :path=/ proxy-connection=keep-alive",
                ":method=GET :scheme=http :authority=a :path=/ content-length=0 content-length=0",
                ":method=GET :scheme=http :authority=a :path=/ content-length=0,0",
                ":method=GET :scheme=http :authority=a :path=/ content-length=0,_0",
                ":method=GET :scheme=http :authority=a :path=/ content-length=+0",
                ":method=GET :scheme=http :authority=a :path=/ content-length=",
                ":method=GET :scheme=http :authority=a :path=/ te=gzip",
                ":method=GET :scheme=http :authority=a :path=/ X-Upper=1",
                ":method=GET :scheme=http :authority=a :path=/ x_bad=1",
                ":method=GET :scheme=http :authority=a :path=/ x=1\r\nhost:b",
                ":method=GET :scheme=http :authority=a :path=/ x=1\nb",
                ":method=GET :scheme=http :authority=a :path=/ x=1\u0000b",
                ":method=GET :scheme=http :authority=a :path=/ x=1_",
                ":method=GET :scheme=http :authority=a :path=/ x=_1",
                ":method=GET :scheme=http :authority=a :path=/ x\r\ny=1",
                ":method=GET :scheme=http :authority=a :path=/ :method=POST",
                ":method=GET :scheme=http :authority=a :path=/ x=1 :other=2",
                ":method=GET :scheme=http :authority=a :path=/ :status=200",
                ":method=GET :scheme=http :authority=a",
                ":method=GET :authority=a :path=/",
                ":scheme=http :authority=a :path=/",
                ":method=GET :scheme=http :path=/",
                ":method=GET :scheme=ftp :authority=a :path=/",
                ":method=GET :scheme=http :authority=a :path=",
                ":method=GET :scheme=http :authority=a :path=x",
                ":method=GET :scheme=http :authority=a :path=*",
                ":method=G_T :scheme=http :authority=a :path=/",
                ":method=GET :scheme=http :authority=u@a :path=/",
                ":method=GET :scheme=http :authority=a_b :path=/",
                ":method=GET :scheme=http :authority=a :path=/ host=b",
                ":method=GET :scheme=http :authority=a :path=/ host=a host=a",
                ":method=GET :scheme=http :authority=a :path=/ :protocol=websocket"
            })
    void malformedRequestsAreResetAndSeenByNobody(String fields) {
        try (Server server = Server.saying("seen");
                Bench bench = Http2IT.bench(server);
                H2Wire h2 = H2Wire.connect(bench.port)) {
            h2.head(1, true, fields(fields));
            H2Wire.Frame answer =
                    h2.await(f -> f.type() == H2Wire.RST_STREAM || f.type() == H2Wire.GOAWAY);
            int code = answer.word(answer.type() == H2Wire.GOAWAY ? 4 : 0);
            assertThat(code).isEqualTo(H2Wire.PROTOCOL_ERROR);
            assertThat(server.requests).isEmpty();
        }
    }

    private static String[] fields(String text) {
        List<String> all = new ArrayList<>();
        for (String field : text.split(" ", -1)) {
            int equals = field.indexOf('=', 1);
            all.add(field.substring(0, equals).replace('_', field.startsWith("x_") ? ' ' : '_'));
            all.add(field.substring(equals + 1).replace('_', ' '));
        }
        return all.toArray(String[]::new);
    }

    @Test
    void theHealthyFormOfTheseRequestsPasses() {
        try (Server server = Server.saying("seen");
                Bench bench = Http2IT.bench(server);
                H2Wire h2 = H2Wire.connect(bench.port)) {
            h2.head(1, true, fields(":method=GET :scheme=http :authority=a :path=/ te=trailers"));
            assertThat(h2.reply(1).status()).isEqualTo(200);
            h2.head(3, true, fields(":method=GET :scheme=http :path=/ host=a"));
            assertThat(h2.reply(3).status()).isEqualTo(200);
            h2.head(5, true, fields(":method=OPTIONS :scheme=http :authority=a :path=*"));
            assertThat(h2.reply(5).status()).isEqualTo(200);
            assertThat(server.requests)
                    .allSatisfy(request -> assertThat(request.field("host")).contains("a"));
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "400 bad-target :path=/..",
                "400 bad-target :path=/%00",
                "400 bad-target :path=/a%2fb",
                "400 bad-target :path=/a_b",
                "405 method-not-allowed :path=/ :method=TRACE",
                "417 unknown-expectation :path=/ expect=x"
            })
    void wrongRequestsAreAnsweredAndSeenByNobody(String line) {
        String[] parts = line.split(" ", 3);
        String method = line.contains(":method") ? "" : ":method=GET ";
        try (Server server = Server.saying("seen");
                Bench bench = Http2IT.bench(server);
                H2Wire h2 = H2Wire.connect(bench.port)) {
            h2.head(1, true, fields(method + ":scheme=http :authority=a " + parts[2]));
            H2Wire.Reply reply = h2.reply(1);
            assertThat(reply.status()).isEqualTo(Integer.parseInt(parts[0]));
            assertThat(reply.field("sluice-reason")).isEqualTo(parts[1]);
            assertThat(server.requests).isEmpty();
            h2.get(3, "/");
            assertThat(h2.reply(3).status()).isEqualTo(200);
        }
    }

    @Test
    void connectWithoutAProtocolIsNotAllowed() {
        try (Bench bench = Http2IT.bench();
                H2Wire h2 = H2Wire.connect(bench.port)) {
            h2.head(1, false, ":method", "CONNECT", ":authority", "a:1");
            assertThat(h2.reply(1).status()).isEqualTo(405);
        }
    }

    @Test
    void moreOrLessDataThanAnnouncedIsReset() {
        try (Server server =
                        Server.of((wire, self) -> {
                            wire.readHead();
                            wire.readToEnd();
                        });
                Bench bench = Http2IT.bench(server);
                H2Wire h2 = H2Wire.connect(bench.port)) {
            h2.request(1, "POST", "/", false, "content-length", "3");
            h2.data(1, false, "four");
            assertThat(h2.reply(1).reset()).contains(H2Wire.PROTOCOL_ERROR);
            h2.request(3, "POST", "/", false, "content-length", "3");
            h2.data(3, true, "no");
            assertThat(h2.reply(3).reset()).contains(H2Wire.PROTOCOL_ERROR);
            h2.request(5, "POST", "/", true, "content-length", "3");
            assertThat(h2.reply(5).reset()).contains(H2Wire.PROTOCOL_ERROR);
            h2.request(7, "POST", "/", false, "content-length", "3", "content-length", "4");
            assertThat(h2.reply(7).reset()).contains(H2Wire.PROTOCOL_ERROR);
            h2.request(9, "POST", "/", false, "content-length", "+3");
            assertThat(h2.reply(9).reset()).contains(H2Wire.PROTOCOL_ERROR);
        }
    }

    @Test
    void pseudoFieldsInTrailersAreReset() {
        try (Server server =
                        Server.of((wire, self) -> {
                            wire.readHead();
                            wire.readToEnd();
                        });
                Bench bench = Http2IT.bench(server);
                H2Wire h2 = H2Wire.connect(bench.port)) {
            h2.request(1, "POST", "/", false);
            h2.head(1, true, ":path", "/other");
            assertThat(h2.reply(1).reset()).contains(H2Wire.PROTOCOL_ERROR);
            h2.request(3, "POST", "/", false);
            h2.head(3, true, "connection", "close");
            assertThat(h2.reply(3).reset()).contains(H2Wire.PROTOCOL_ERROR);
        }
    }

    @Test
    void limitsAreAnswered() {
        String limits =
                Http2IT.H2 + "\n    limits: {header: 1KiB, fields: 10, target: 256B, body: 4B}";
        try (Server server = Server.saying("seen");
                Bench bench = Bench.with(limits, "", server);
                H2Wire h2 = H2Wire.connect(bench.port)) {
            h2.get(1, "/", "x", "y".repeat(1100));
            assertThat(h2.reply(1).status()).isEqualTo(431);
            h2.get(3, "/", "x", "y".repeat(9000));
            assertThat(h2.reply(3).status()).isEqualTo(431);
            h2.get(5, "/" + "z".repeat(300));
            assertThat(h2.reply(5).status()).isEqualTo(414);
            h2.request(7, "POST", "/", false, "content-length", "5");
            assertThat(h2.reply(7).status()).isEqualTo(413);
            h2.request(9, "POST", "/", false);
            h2.data(9, false, "12345");
            assertThat(h2.reply(9).status()).isEqualTo(413);
            String[] many = new String[22];
            String[] crumbs = new String[22];
            for (int i = 0; i < 22; i += 2) {
                many[i] = "x-" + i;
                crumbs[i] = "cookie";
                many[i + 1] = crumbs[i + 1] = "v" + i;
            }
            h2.get(11, "/", many);
            assertThat(h2.reply(11).status()).isEqualTo(431);
            assertThat(server.requests).isEmpty();
            h2.get(13, "/", crumbs);
            assertThat(h2.reply(13).status()).isEqualTo(200);
        }
    }

    @Test
    void aStreamTooManyIsRefusedAndMayBeAskedAgain() {
        String one = Http2IT.H2 + "\n    http2: {streams: 1}";
        try (Server server =
                        Server.answering(request -> {
                            return Server.ok("seen");
                        });
                Bench bench = Bench.with(one, "", server);
                H2Wire h2 = H2Wire.connect(bench.port)) {
            h2.request(1, "POST", "/", false);
            h2.request(3, "POST", "/", false);
            assertThat(h2.reply(3).reset()).contains(H2Wire.REFUSED_STREAM);
            // Its data was on the way, and is no offence.
            h2.data(3, true, "body");
            h2.data(1, true, "body");
            assertThat(h2.reply(1).status()).isEqualTo(200);
            h2.get(5, "/");
            assertThat(h2.reply(5).status()).isEqualTo(200);
            assertThat(server.requests).hasSize(2);
        }
    }
}
