package dev.sluice.launcher;

import static org.assertj.core.api.Assertions.assertThat;

import static java.nio.charset.StandardCharsets.US_ASCII;

import com.sun.net.httpserver.HttpServer;

import dev.sluice.testing.Ports;

import io.netty.handler.ssl.util.InsecureTrustManagerFactory;
import io.netty.pkitesting.CertificateBuilder;
import io.netty.pkitesting.X509Bundle;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;

import javax.net.ssl.SNIHostName;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLParameters;
import javax.net.ssl.SSLSocket;

/** What Prometheus reads from a proxy that serves one file. */
class StandaloneMetricsIT {
    private static final int ODD_CLIENTS = 1_000;

    /** For what only some runs meet: a retry, a client that was slow. */
    private static final int FEW = 10;

    private static final InetAddress LOOPBACK = InetAddress.ofLiteral("127.0.0.1");

    @TempDir Path folder;
    private final int port = Ports.free();
    private HttpServer server;
    private SSLContext credulous;

    @BeforeEach
    void start() throws Exception {
        server = HttpServer.create(new InetSocketAddress(LOOPBACK, 0), 0);
        server.createContext(
                "/",
                exchange -> {
                    exchange.sendResponseHeaders(204, -1);
                    exchange.close();
                });
        server.start();
        credulous = SSLContext.getInstance("TLS");
        credulous.init(null, InsecureTrustManagerFactory.INSTANCE.getTrustManagers(), null);
    }

    @AfterEach
    void stop() {
        server.stop(0);
    }

    @Test
    void answersWhatItsRequestsCameTo() throws Exception {
        try (StandaloneProxy proxy = StandaloneProxy.start(folder, config())) {
            ask(0);
            HttpResponse<String> answer = proxy.scrape();

            assertThat(answer.statusCode()).isEqualTo(200);
            assertThat(answer.headers().firstValue("Content-Type").orElse(""))
                    .startsWith("text/plain; version=0.0.4");
            assertThat(answer.body().lines())
                    .contains("sluice_proxy_requests_total{status=\"2xx\",upstream=\"app\"} 1");
        }
    }

    /** Names, methods and paths are the clients' to choose: no label may be. */
    @Test
    void oddClientsAddNoSeries() throws Exception {
        try (StandaloneProxy proxy = StandaloneProxy.start(folder, config())) {
            ask(0);
            Set<String> before = proxy.series();
            for (int i = 1; i <= ODD_CLIENTS; i++) {
                ask(i);
            }

            Set<String> more = new TreeSet<>(proxy.series());
            more.removeAll(before);
            assertThat(more).hasSizeLessThan(FEW).noneMatch(series -> series.contains("odd"));
            assertThat(proxy.scrape().body().lines())
                    .contains(
                            "sluice_proxy_requests_total{status=\"2xx\",upstream=\"app\"} "
                                    + (ODD_CLIENTS + 1));
        }
    }

    /** One that nobody else is like, by all that it can name. */
    private void ask(int i) throws IOException {
        String name = "odd" + i + ".test";
        try (SSLSocket socket =
                (SSLSocket) credulous.getSocketFactory().createSocket(LOOPBACK, port)) {
            socket.setTcpNoDelay(true);
            SSLParameters parameters = socket.getSSLParameters();
            parameters.setServerNames(List.of(new SNIHostName(name)));
            socket.setSSLParameters(parameters);
            socket.getOutputStream()
                    .write(
                            """
                            ODD%1$d /odd%1$d/%1$d?odd=%1$d HTTP/1.1
                            Host: %2$s
                            User-Agent: odd/%1$d
                            X-Forwarded-For: odd%1$d
                            Cookie: odd=%1$d
                            Connection: close

                            """
                                    .formatted(i, name)
                                    .replace("\n", "\r\n")
                                    .getBytes(US_ASCII));
            assertThat(new String(socket.getInputStream().readAllBytes(), US_ASCII))
                    .startsWith("HTTP/1.1 204 ");
        }
    }

    private String config() throws Exception {
        X509Bundle bundle =
                new CertificateBuilder()
                        .subject("CN=test")
                        .ecp256()
                        .addSanDnsName("a.test")
                        .setIsCertificateAuthority(true)
                        .buildSelfSigned();
        Path certificate =
                Files.writeString(folder.resolve("test.crt"), bundle.getCertificatePathPEM());
        Path key = Files.writeString(folder.resolve("test.key"), bundle.getPrivateKeyPEM());
        Files.setPosixFilePermissions(key, PosixFilePermissions.fromString("rw-------"));
        return """
        listeners:
          - name: web
            addresses: ["127.0.0.1:%d"]
            tls: {certificates: [{certificate: %s, key: %s}]}
        routes:
          - name: all
            upstream: app
        upstreams:
          - name: app
            endpoints: [{address: "127.0.0.1:%d"}]
        """
                .formatted(port, certificate, key, server.getAddress().getPort());
    }
}
