package dev.sluice.lab.upstream;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.util.HexFormat;

class UpstreamServerIT {
    private static UpstreamServer server;

    @BeforeAll
    static void start() throws IOException {
        server =
                UpstreamServer.start(
                        "upstream-1", new InetSocketAddress(InetAddress.getLoopbackAddress(), 0));
    }

    @AfterAll
    static void stop() {
        server.close();
    }

    @Test
    void saysItsName() throws Exception {
        assertThat(get("/").body()).asString().isEqualTo("upstream-1\n");
        assertThat(get("/").headers().firstValue("X-Upstream")).contains("upstream-1");
    }

    @Test
    void sendsTheBytesThatTheSeedDetermines() throws Exception {
        byte[] body = get("/bytes/1000003?seed=5").body();
        assertThat(body).hasSize(1_000_003);
        String sum = HexFormat.of().formatHex(PseudoRandomBytes.newSha256().digest(body));
        assertThat(sum).isEqualTo(PseudoRandomBytes.sha256(5, 1_000_003));
        assertThat(sum).isNotEqualTo(PseudoRandomBytes.sha256(6, 1_000_003));
    }

    @Test
    void sendsNoFasterThanAsked() throws Exception {
        long start = System.nanoTime();
        assertThat(get("/bytes/100000?rate=400000").body()).hasSize(100_000);
        assertThat(Duration.ofNanos(System.nanoTime() - start))
                .isGreaterThan(Duration.ofMillis(200));
    }

    @Test
    void echoesTheRequest() throws Exception {
        assertThat(get("/echo?a=1").body())
                .asString()
                .startsWith("GET /echo?a=1\n")
                .contains("Host: 127.0.0.1")
                .endsWith("0 bytes\n");
    }

    @Test
    void refusesALengthThatIsNoNumber() throws Exception {
        assertThat(get("/bytes/many").statusCode()).isEqualTo(400);
    }

    private static HttpResponse<byte[]> get(String path) throws Exception {
        URI uri = URI.create("http://127.0.0.1:" + server.address().getPort() + path);
        try (HttpClient client = HttpClient.newHttpClient()) {
            return client.send(HttpRequest.newBuilder(uri).build(), BodyHandlers.ofByteArray());
        }
    }
}
