package dev.sluice.cluster.node;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.cluster.config.HostPort;
import dev.sluice.cluster.pool.Address;
import dev.sluice.testing.Ports;

import org.junit.jupiter.api.Test;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.util.Map;
import java.util.Optional;

class MetricsEndpointIT {
    @Test
    void answersEachScrapeAnew() throws Exception {
        HostPort address = new HostPort(Address.parse("127.0.0.1"), Ports.free());
        long[] scrapes = {0};
        try (MetricsEndpoint endpoint =
                MetricsEndpoint.open(
                        Optional.of(address),
                        () ->
                                new MetricsText()
                                        .gauge("scrapes", "")
                                        .sample(Map.of(), ++scrapes[0]))) {
            assertThat(endpoint).isNotNull();
            assertThat(get(address).body()).endsWith("\nscrapes 1\n");
            assertThat(get(address).body()).endsWith("\nscrapes 2\n");
            assertThat(get(address).headers().firstValue("content-type"))
                    .contains("text/plain; version=0.0.4; charset=utf-8");
        }
    }

    @Test
    void saysWhatCannotBeRead() throws Exception {
        HostPort address = new HostPort(Address.parse("127.0.0.1"), Ports.free());
        try (MetricsEndpoint endpoint =
                MetricsEndpoint.open(
                        Optional.of(address),
                        () -> {
                            throw new UncheckedIOException(new IOException("no maps"));
                        })) {
            assertThat(endpoint).isNotNull();
            HttpResponse<String> answer = get(address);
            assertThat(answer.statusCode()).isEqualTo(503);
            assertThat(answer.body()).contains("no maps");
        }
    }

    @Test
    void aTakenPortCostsNothingButTheMetrics() throws Exception {
        try (ServerSocket taken = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            HostPort address = new HostPort(Address.parse("127.0.0.1"), taken.getLocalPort());
            MetricsEndpoint.open(Optional.of(address), MetricsText::new).close();
            assertThat(taken.isBound()).isTrue();
        }
    }

    private static HttpResponse<String> get(HostPort address)
            throws IOException, InterruptedException {
        try (HttpClient client = HttpClient.newHttpClient()) {
            URI uri = URI.create("http://" + address + "/metrics");
            return client.send(HttpRequest.newBuilder(uri).build(), BodyHandlers.ofString());
        }
    }
}
