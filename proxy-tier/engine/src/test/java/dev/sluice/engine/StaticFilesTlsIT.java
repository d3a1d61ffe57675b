package dev.sluice.engine;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Random;

import javax.net.ssl.SSLContext;

/** Files to clients that speak TLS: what the kernel would send by itself is to be encrypted. */
final class StaticFilesTlsIT {
    /** Of no round size; more than a window, a record and a socket's buffer. */
    private static final int SIZE = 3_000_001;

    @TempDir Path folder;

    @ParameterizedTest
    @EnumSource(names = {"HTTP_1_1", "HTTP_2"})
    void aFileAndPartsOfItAreServedEncrypted(HttpClient.Version version) throws Exception {
        byte[] content = new byte[SIZE];
        new Random(7).nextBytes(content);
        Path root = Files.createDirectory(folder.resolve("www"));
        Files.write(root.resolve("large"), content);
        TestCertificate certificate = TestCertificate.write(folder, "a", "localhost");
        // The one that can leave a file to the kernel.
        EngineOptions options = new EngineOptions("p", Transport.EPOLL, 1);
        try (Bench bench = new Bench(options);
                HttpClient client = client(certificate, version)) {
            bench.apply(
                    bench.listener(certificate.tls())
                            + "routes: [{path: /s, files: {root: '%s'}}]".formatted(root));

            HttpResponse<byte[]> whole = get(client, bench, "bytes=0-");
            assertThat(whole.version()).isEqualTo(version);
            assertThat(whole.statusCode()).isEqualTo(206);
            assertThat(whole.body()).isEqualTo(content);

            HttpResponse<byte[]> part = get(client, bench, "bytes=1000000-2000000");
            assertThat(part.statusCode()).isEqualTo(206);
            assertThat(part.headers().firstValue("content-range"))
                    .contains("bytes 1000000-2000000/3000001");
            assertThat(part.body()).isEqualTo(Arrays.copyOfRange(content, 1_000_000, 2_000_001));
        }
    }

    private static HttpClient client(TestCertificate certificate, HttpClient.Version version)
            throws Exception {
        SSLContext context = SSLContext.getInstance("TLS");
        context.init(null, certificate.bundle().toTrustManagerFactory().getTrustManagers(), null);
        return HttpClient.newBuilder().sslContext(context).version(version).build();
    }

    private static HttpResponse<byte[]> get(HttpClient client, Bench bench, String range)
            throws Exception {
        HttpRequest request =
                HttpRequest.newBuilder(URI.create("https://localhost:" + bench.port + "/s/large"))
                        .header("range", range)
                        .build();
        return client.send(request, HttpResponse.BodyHandlers.ofByteArray());
    }
}
