package dev.sluice.engine;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.testing.Needs;
import dev.sluice.testing.Program;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.regex.Pattern;

/** What well-known tools have to say of a proxy. */
final class JudgesIT {
    private static final Pattern FINDING =
            Pattern.compile("\"id\"\\s*:\\s*\"([^\"]+)\"[^}]*\"severity\"\\s*:\\s*\"([A-Z]+)\"");

    @TempDir Path folder;

    /** Protocols, ciphers, forward secrecy, and the known attacks, with both kinds of keys. */
    @Test
    void testsslFindsNothingWeak() throws Exception {
        Needs.program("testssl", "testssl.sh");
        TestCertificate ec = TestCertificate.write(folder, "ec", "a.test");
        TestCertificate rsa =
                TestCertificate.write(
                        folder,
                        "rsa",
                        TestCertificate.builder("rsa", "a.test").rsa2048().buildSelfSigned());
        Path report = folder.resolve("report.json");
        String tls =
                """
                    tls:
                      certificates:
                        - {certificate: %s, key: %s}
                        - {certificate: %s, key: %s}
                """
                        .formatted(ec.certificate(), ec.key(), rsa.certificate(), rsa.key());
        try (Server server = Server.saying("seen");
                Bench bench = Bench.with(tls, "", server)) {
            String said =
                    Program.run(
                                    "testssl",
                                    "--quiet",
                                    "--warnings=batch",
                                    "--color=0",
                                    "--nodns=none",
                                    "--jsonfile=" + report,
                                    "--protocols",
                                    "--std",
                                    "--fs",
                                    "--vulnerable",
                                    "127.0.0.1:" + bench.port)
                            .text();
            List<String> findings = findings(report);
            assertThat(findings)
                    .as(said)
                    .contains("TLS1 INFO", "TLS1_1 INFO", "TLS1_2 OK", "TLS1_3 OK")
                    .contains("cipherlist_AVERAGE INFO", "PFS OK", "heartbleed OK", "ROBOT OK")
                    .hasSizeGreaterThan(30)
                    .noneMatch(one -> one.matches("\\S+ (WARN|LOW|MEDIUM|HIGH|CRITICAL|FATAL)"));
        }
    }

    /** But for what it says of its own OpenSSL. */
    private static List<String> findings(Path report) throws IOException {
        return FINDING.matcher(Files.readString(report))
                .results()
                .map(one -> one.group(1) + ' ' + one.group(2))
                .filter(one -> !one.startsWith("engine_problem "))
                .toList();
    }

    /** Slow heads, slow bodies and slow readers at once, 300 of each; others are served. */
    @Test
    void slowhttptestFindsTheServiceAvailableThroughout() throws Exception {
        Needs.program("slowhttptest", "slowhttptest");
        String much = "x".repeat(1 << 20);
        try (Server server = Server.saying("seen");
                Server large = Server.saying(much);
                Bench bench = new Bench();
                ExecutorService pool = Executors.newVirtualThreadPerTaskExecutor()) {
            bench.apply(
                    bench.listener("    timeouts: {clientHeader: 3s, body: 3s}")
                            + bench.upstream("", server)
                            + "  - {name: large, endpoints: [\"%s\"]}\n".formatted(large.address())
                            + "routes: [{upstream: app}, {path: /large, upstream: large}]");
            List<Future<String>> runs = new ArrayList<>();
            for (List<String> attack :
                    List.of(
                            List.of("/", "-H", "-i", "1"),
                            List.of("/", "-B", "-i", "5", "-s", "8192"),
                            List.of(
                                    "/large", "-X", "-w", "512", "-y", "1024", "-n", "5", "-z",
                                    "32"))) {
                runs.add(pool.submit(() -> attack(bench.port, attack)));
            }
            for (Future<String> run : runs) {
                String said = run.get();
                assertThat(said)
                        .contains("service available:   YES")
                        .doesNotContain("service available:   NO");
            }
            assertThat(bench.get("/").status()).isEqualTo(200);
        }
    }

    private static String attack(int port, List<String> how)
            throws IOException, InterruptedException {
        List<String> command =
                new ArrayList<>(
                        List.of(
                                "slowhttptest",
                                "-c",
                                "300",
                                "-r",
                                "150",
                                "-l",
                                "12",
                                "-p",
                                "5",
                                "-u",
                                "http://127.0.0.1:" + port + how.getFirst()));
        command.addAll(how.subList(1, how.size()));
        // It colours its words.
        return Program.run(command.toArray(String[]::new))
                .text()
                .replaceAll("\u001b\\[[0-9;]*[A-Za-z]", "");
    }
}
