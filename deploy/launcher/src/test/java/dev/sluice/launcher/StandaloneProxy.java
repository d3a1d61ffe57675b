package dev.sluice.launcher;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.testing.Ports;

import java.io.IOException;
import java.net.ConnectException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.Collectors;

/** {@code sluice proxy run --standalone FILE --metrics IP:PORT} as a process of its own. */
final class StandaloneProxy implements AutoCloseable {
    private static final long LOOK_NANOS = TimeUnit.MILLISECONDS.toNanos(50);

    private final Process process;
    private final Path output;
    private final URI metrics;
    private final HttpClient client = HttpClient.newHttpClient();

    private StandaloneProxy(Process process, Path output, URI metrics) {
        this.process = process;
        this.output = output;
        this.metrics = metrics;
    }

    /** Returns once its metrics answer, which is once it serves. */
    static StandaloneProxy start(Path folder, String config) throws Exception {
        Path file = Files.writeString(folder.resolve("l7.yaml"), config);
        Path output = folder.resolve("proxy.log");
        String address = "127.0.0.1:" + Ports.free();
        Process process =
                new ProcessBuilder(
                                ProcessHandle.current().info().command().orElse("java"),
                                "--enable-native-access=ALL-UNNAMED",
                                "--sun-misc-unsafe-memory-access=allow",
                                "-cp",
                                System.getProperty("java.class.path"),
                                Main.class.getName(),
                                "proxy",
                                "run",
                                "--standalone",
                                file.toString(),
                                "--metrics",
                                address)
                        .redirectErrorStream(true)
                        .redirectOutput(output.toFile())
                        .start();
        StandaloneProxy proxy =
                new StandaloneProxy(process, output, URI.create("http://" + address + "/metrics"));
        proxy.awaitMetrics();
        return proxy;
    }

    private void awaitMetrics() throws Exception {
        while (true) {
            assertThat(process.isAlive()).as(() -> log()).isTrue();
            try {
                scrape();
                return;
            } catch (ConnectException e) {
                LockSupport.parkNanos(LOOK_NANOS);
            }
        }
    }

    HttpResponse<String> scrape() throws IOException, InterruptedException {
        return client.send(
                HttpRequest.newBuilder(metrics).build(), HttpResponse.BodyHandlers.ofString());
    }

    /** Names and labels, without their values. */
    Set<String> series() throws IOException, InterruptedException {
        return scrape().body()
                .lines()
                .filter(line -> !line.startsWith("#"))
                .map(line -> line.substring(0, line.lastIndexOf(' ')))
                .collect(Collectors.toSet());
    }

    private String log() {
        try {
            return Files.readString(output);
        } catch (IOException e) {
            return e.toString();
        }
    }

    @Override
    public void close() {
        process.destroy();
        process.onExit().join();
        client.close();
    }
}
