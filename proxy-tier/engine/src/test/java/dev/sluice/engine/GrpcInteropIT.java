package dev.sluice.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.sluice.testing.Needs;

import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.jar.JarEntry;
import java.util.jar.JarFile;

/** gRPC's own client and server judge what is between them, each in a process of its own. */
final class GrpcInteropIT {
    private static final Path INTEROP = Path.of("..", "grpc-interop");
    private static final Path LIBRARIES = INTEROP.resolve("target").resolve("lib");

    private static final List<String> CASES =
            List.of(
                    "empty_unary",
                    "large_unary",
                    "server_compressed_unary",
                    "client_streaming",
                    "server_streaming",
                    "server_compressed_streaming",
                    "ping_pong",
                    "empty_stream",
                    "custom_metadata",
                    "status_code_and_message",
                    "special_status_message",
                    "unimplemented_method",
                    "unimplemented_service",
                    "cancel_after_begin",
                    "cancel_after_first_response",
                    "timeout_on_sleeping_server",
                    "very_large_request",
                    "pick_first_unary");

    @TempDir Path folder;

    @BeforeEach
    void findTheSuite() {
        Needs.met(
                Files.isDirectory(LIBRARIES),
                "mvn -f proxy-tier/grpc-interop process-resources brings the suite");
    }

    @ParameterizedTest(name = "client over TLS: {0}, server over TLS: {1}")
    @CsvSource({"false, false", "true, false", "true, true"})
    void everyCasePasses(boolean clientTls, boolean serverTls) throws Exception {
        for (String name : List.of("server1.pem", "server1.key", "ca.pem")) {
            extract(name);
        }
        int serverPort = Bench.freePort();
        Process server =
                java(
                        "io.grpc.testing.integration.TestServiceServer",
                        "--port=" + serverPort,
                        "--use_tls=" + serverTls);
        try (Bench bench = new Bench()) {
            bench.apply(config(bench, serverPort, clientTls, serverTls));
            await().atMost(Duration.ofSeconds(60)).until(() -> answers(serverPort));
            List<String> arguments =
                    new ArrayList<>(
                            List.of(
                                    INTEROP.resolve("InteropCases.java").toString(),
                                    "" + bench.port,
                                    "" + clientTls));
            arguments.addAll(CASES);
            Process client = java(arguments.toArray(String[]::new));
            String said =
                    new String(client.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
            assertThat(client.waitFor()).as(said).isZero();
            assertThat(said.lines().filter(line -> line.startsWith("PASSED ")))
                    .hasSameSizeAs(CASES);
        } finally {
            server.destroyForcibly().waitFor();
        }
    }

    private String config(Bench bench, int serverPort, boolean clientTls, boolean serverTls) {
        String listener =
                clientTls
                        ? "    tls: {certificates: [{certificate: %s, key: %s}]}"
                                .formatted(file("server1.pem"), file("server1.key"))
                        : "    versions: [h2]";
        String tls =
                serverTls
                        ? "    tls: {trust: %s, name: foo.test.google.fr}".formatted(file("ca.pem"))
                        : "";
        return bench.listener(listener)
                + """
                upstreams:
                  - name: app
                    endpoints: ["127.0.0.1:%d"]
                    version: h2
                %s
                routes: [{upstream: app}]
                """
                        .formatted(serverPort, tls);
    }

    private Path file(String name) {
        return folder.resolve(name);
    }

    /** The suite's own certificates. */
    private void extract(String name) throws IOException {
        try (var jars = Files.newDirectoryStream(LIBRARIES, "grpc-testing-*.jar")) {
            for (Path jar : jars) {
                try (JarFile open = new JarFile(jar.toFile())) {
                    JarEntry entry = open.getJarEntry("certs/" + name);
                    if (entry != null) {
                        Files.copy(open.getInputStream(entry), file(name));
                        Files.setPosixFilePermissions(
                                file(name), PosixFilePermissions.fromString("rw-------"));
                        return;
                    }
                }
            }
        }
        throw new AssertionError("no " + name + " in " + LIBRARIES);
    }

    private static Process java(String... arguments) throws IOException {
        List<String> command = new ArrayList<>();
        command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        command.addAll(List.of("-XX:TieredStopAtLevel=1", "-cp", LIBRARIES + "/*"));
        command.addAll(List.of(arguments));
        return new ProcessBuilder(command).redirectErrorStream(true).start();
    }

    private static boolean answers(int port) {
        try (Socket probe = new Socket(InetAddress.getLoopbackAddress(), port)) {
            return probe.isConnected();
        } catch (IOException e) {
            return false;
        }
    }
}
