package dev.sluice.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.sluice.cluster.config.Problem;
import dev.sluice.cluster.l7.L7Config;
import dev.sluice.engine.http.Slowness;

import org.awaitility.Awaitility;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.Random;
import java.util.zip.GZIPInputStream;

/** What a route serves from a directory, whatever the client speaks. */
final class StaticFilesIT {
    private static final Instant CHANGED = Instant.parse("2020-02-02T20:20:20Z");

    @TempDir Path folder;
    private Path root;

    @BeforeEach
    void fill() throws IOException {
        root = Files.createDirectory(folder.resolve("www"));
        Files.createDirectories(root.resolve("docs/empty"));
        write("index.html", "<h1>home</h1>");
        write("docs/index.html", "<h1>docs</h1>");
        write("hello.txt", "0123456789");
        write(".secret", "hidden");
        write("nothing", "");
        Files.writeString(folder.resolve("outside.txt"), "outside");
        Files.createSymbolicLink(root.resolve("out"), folder.resolve("outside.txt"));
        Files.createSymbolicLink(root.resolve("up"), Path.of(".."));
        Files.createSymbolicLink(root.resolve("in.txt"), Path.of("hello.txt"));
    }

    private void write(String name, String text) throws IOException {
        Path file = root.resolve(name);
        Files.writeString(file, text);
        Files.setLastModifiedTime(file, FileTime.from(CHANGED));
    }

    private Bench bench(String more) {
        return bench(EngineOptions.defaults("proxy-under-test"), more);
    }

    private Bench bench(EngineOptions options, String more) {
        return bench(options, "", more);
    }

    private Bench bench(EngineOptions options, String listener, String more) {
        Bench bench = new Bench(options);
        bench.apply(
                bench.listener(Http2IT.H2 + listener + "\n    targets: {encodedSlash: keep}\n")
                        + "routes: [{path: /s, files: {root: '"
                        + root
                        + "'"
                        + more
                        + "}]");
        return bench;
    }

    @ParameterizedTest
    @EnumSource
    void aFileIsServedWithWhatIsKnownOfIt(RoutesIT.Client client) {
        try (Bench bench = bench(", cacheControl: max-age=60, types: {txt: text/x-own}}")) {
            RoutesIT.Answer answer = client.get(bench, "/s/hello.txt");
            assertThat(answer.status()).isEqualTo(200);
            assertThat(answer.text()).isEqualTo("0123456789");
            assertThat(answer.field("content-type")).contains("text/x-own");
            assertThat(answer.field("content-length")).contains("10");
            assertThat(answer.field("last-modified")).contains("Sun, 02 Feb 2020 20:20:20 GMT");
            assertThat(answer.field("accept-ranges")).contains("bytes");
            assertThat(answer.field("cache-control")).contains("max-age=60");
            assertThat(answer.field("etag").orElseThrow()).matches("\"[0-9a-f]+-a\"");
            assertThat(answer.field("date")).isPresent();
            assertThat(client.get(bench, "/s/in.txt").text()).isEqualTo("0123456789");
            assertThat(client.get(bench, "/s/nothing").text()).isEmpty();
            assertThat(client.get(bench, "/s/nothing").field("content-length")).contains("0");
        }
    }

    @ParameterizedTest
    @EnumSource
    void aHeadIsTheSameWithoutTheFile(RoutesIT.Client client) {
        try (Bench bench = bench("}")) {
            RoutesIT.Answer answer =
                    client.ask(bench, "HEAD", "/s/hello.txt", "range", "bytes=0-1");
            assertThat(answer.status()).isEqualTo(200);
            assertThat(answer.field("content-length")).contains("10");
            assertThat(answer.text()).isEmpty();
        }
    }

    @ParameterizedTest
    @EnumSource
    void aDirectoryIsItsIndex(RoutesIT.Client client) {
        try (Bench bench = bench("}")) {
            assertThat(client.get(bench, "/s/").text()).isEqualTo("<h1>home</h1>");
            assertThat(client.get(bench, "/s/docs/").text()).isEqualTo("<h1>docs</h1>");
            RoutesIT.Answer answer = client.get(bench, "/s/docs?a=b");
            assertThat(answer.status()).isEqualTo(301);
            assertThat(answer.field("location")).contains("/s/docs/?a=b");
            assertThat(client.get(bench, "/s/docs/empty/").status()).isEqualTo(404);
            assertThat(client.get(bench, "/s/hello.txt/").status()).isEqualTo(404);
        }
    }

    @ParameterizedTest
    @EnumSource
    void thereIsNoWayOut(RoutesIT.Client client) {
        try (Bench bench = bench("}")) {
            for (String path :
                    new String[] {
                        "/s/out",
                        "/s/up/outside.txt",
                        "/s/..%2foutside.txt",
                        "/s/docs/..%2f..%2foutside.txt",
                        "/s/%2e%2e/outside.txt",
                        "/s/hello.txt%00",
                        "/s/.secret",
                        "/s/%2Esecret",
                        "/s/missing",
                        "/s/hello.txt/x",
                        "/s/" + "x".repeat(300),
                        "/s//etc/passwd",
                    }) {
                RoutesIT.Answer answer = client.get(bench, path);
                assertThat(answer.status()).as(path).isIn(400, 404);
                assertThat(answer.text()).as(path).doesNotContain("outside", "hidden", "0123");
            }
            assertThat(client.get(bench, "/s/out").field("sluice-reason")).contains("no-file");
        }
    }

    @ParameterizedTest
    @EnumSource
    void whatIsNoFileIsNotOpened(RoutesIT.Client client) throws Exception {
        // To open a pipe is to wait for its other end.
        Process made = new ProcessBuilder("mkfifo", root.resolve("pipe").toString()).start();
        assertThat(made.waitFor()).isZero();
        try (Bench bench = bench("}")) {
            assertThat(client.get(bench, "/s/pipe").status()).isEqualTo(404);
        }
    }

    @ParameterizedTest
    @EnumSource
    void onlyReadingIsAllowed(RoutesIT.Client client) {
        try (Bench bench = bench("}")) {
            RoutesIT.Answer answer = client.ask(bench, "DELETE", "/s/hello.txt");
            assertThat(answer.status()).isEqualTo(405);
            assertThat(answer.field("allow")).contains("GET, HEAD");
        }
    }

    @ParameterizedTest
    @EnumSource
    void whatTheClientHasIsNotSentAgain(RoutesIT.Client client) {
        try (Bench bench = bench("}")) {
            String tag = client.get(bench, "/s/hello.txt").field("etag").orElseThrow();
            RoutesIT.Answer same = client.get(bench, "/s/hello.txt", "if-none-match", tag);
            assertThat(same.status()).isEqualTo(304);
            assertThat(same.field("etag")).contains(tag);
            assertThat(same.text()).isEmpty();
            assertThat(client.get(bench, "/s/hello.txt", "if-match", "\"x\"").status())
                    .isEqualTo(412);
        }
    }

    @ParameterizedTest
    @EnumSource
    void partsAreServed(RoutesIT.Client client) {
        try (Bench bench = bench("}")) {
            RoutesIT.Answer one = client.get(bench, "/s/hello.txt", "range", "bytes=2-4");
            assertThat(one.status()).isEqualTo(206);
            assertThat(one.field("content-range")).contains("bytes 2-4/10");
            assertThat(one.text()).isEqualTo("234");

            RoutesIT.Answer two = client.get(bench, "/s/hello.txt", "range", "bytes=0-1,-3");
            assertThat(two.status()).isEqualTo(206);
            String boundary = two.field("content-type").orElseThrow().split("boundary=", -1)[1];
            assertThat(two.text())
                    .isEqualTo(
                            Wire.crlf(
                                    """
                                    --%1$s
                                    content-type: text/plain; charset=utf-8
                                    content-range: bytes 0-1/10

                                    01
                                    --%1$s
                                    content-type: text/plain; charset=utf-8
                                    content-range: bytes 7-9/10

                                    789
                                    --%1$s--
                                    """
                                            .formatted(boundary)));
            assertThat(two.field("content-length")).contains("" + two.text().length());

            RoutesIT.Answer none = client.get(bench, "/s/hello.txt", "range", "bytes=10-");
            assertThat(none.status()).isEqualTo(416);
            assertThat(none.field("content-range")).contains("bytes */10");
            RoutesIT.Answer other =
                    client.get(bench, "/s/hello.txt", "range", "bytes=2-4", "if-range", "\"x\"");
            assertThat(other.status()).isEqualTo(200);
        }
    }

    /** By the kernel in plaintext; and more than one piece of it. */
    @ParameterizedTest
    @EnumSource
    void aLargeFileComesWholeAndInOrder(Transport transport) throws IOException {
        assumeTrue(transport.isAvailable(), transport + " is not there");
        byte[] large = new byte[5_000_000];
        new Random(1).nextBytes(large);
        Files.write(root.resolve("large"), large);
        try (Bench bench = bench(new EngineOptions("proxy-under-test", transport, 2), "}");
                Wire wire = bench.connect()) {
            for (int i = 0; i < 2; i++) {
                wire.send("GET /s/large HTTP/1.1\r\nHost: test\r\n\r\n");
                assertThat(wire.readHead()).contains("content-length: 5000000");
                assertThat(wire.readBytes(large.length)).isEqualTo(large);
            }
            wire.send(
                    "GET /s/large HTTP/1.1\r\nHost: test\r\nRange: bytes=1000000-3999999\r\n\r\n");
            wire.readHead();
            assertThat(wire.readBytes(3_000_000))
                    .isEqualTo(Arrays.copyOfRange(large, 1_000_000, 4_000_000));
        }
    }

    /** Positions have more than 32 bits. */
    @ParameterizedTest
    @EnumSource
    void aPartBehindGigabytesIsTheRightOne(Transport transport) throws IOException {
        assumeTrue(transport.isAvailable(), transport + " is not there");
        long from = 5L << 29;
        try (RandomAccessFile sparse =
                new RandomAccessFile(root.resolve("sparse").toFile(), "rw")) {
            sparse.setLength(3L << 30);
            sparse.seek(from);
            sparse.writeBytes("x".repeat(200_000));
        }
        try (Bench bench = bench(new EngineOptions("proxy-under-test", transport, 1), "}");
                Wire wire = bench.connect()) {
            wire.send(
                    "GET /s/sparse HTTP/1.1\r\nHost: test\r\nRange: bytes=%d-%d\r\n\r\n"
                            .formatted(from - 1, from + 200_000));
            assertThat(wire.readHead()).contains("206 ", "content-length: 200002");
            assertThat(wire.readText(200_002)).isEqualTo("\0" + "x".repeat(200_000) + "\0");
        }
    }

    /** Whoever sends it, the kernel or the proxy: nobody holds a file open for ever. */
    @ParameterizedTest
    @EnumSource
    void aClientThatStopsReadingIsCutOff(Transport transport) throws IOException {
        assumeTrue(transport.isAvailable(), transport + " is not there");
        Files.write(root.resolve("large"), new byte[20_000_000]);
        String hurry = "\n    timeouts: {body: 300ms}\n    rates: {response: 0B}";
        try (Bench bench = bench(new EngineOptions("proxy-under-test", transport, 1), hurry, "}");
                Wire wire = Wire.narrow(bench.port)) {
            wire.send("GET /s/large HTTP/1.1\r\nHost: test\r\n\r\n");
            assertThat(wire.readHead()).contains("200 OK");
            SlownessIT.awaitSlow(bench, Slowness.RESPONSE_STOPPED);
            awaitClosed("large");
        }
    }

    @Test
    void aLargeFileOverHttp2WaitsForTheWindow() throws IOException {
        String large = "0123456789abcdef".repeat(20_000);
        Files.writeString(root.resolve("large"), large);
        try (Bench bench = bench("}");
                H2Wire h2 = H2Wire.connect(bench.port)) {
            h2.get(1, "/s/large");
            StringBuilder text = new StringBuilder();
            while (text.length() < large.length()) {
                H2Wire.Frame data = h2.await(H2Wire.DATA);
                text.append(data.text());
                if (data.payload().length > 0) {
                    h2.window(0, data.payload().length);
                    h2.window(1, data.payload().length);
                }
            }
            assertThat(text.toString()).isEqualTo(large);
        }
    }

    @ParameterizedTest
    @EnumSource
    void aFileIsCompressedLikeAnyOtherAnswer(RoutesIT.Client client) throws IOException {
        write("big.txt", "sheep ".repeat(5_000));
        try (Bench bench = bench("}, compress: {}")) {
            RoutesIT.Answer answer = client.get(bench, "/s/big.txt", "accept-encoding", "gzip");
            assertThat(answer.field("content-encoding")).contains("gzip");
            byte[] bytes = answer.text().getBytes(StandardCharsets.ISO_8859_1);
            assertThat(new GZIPInputStream(new ByteArrayInputStream(bytes)).readAllBytes())
                    .asString(StandardCharsets.UTF_8)
                    .isEqualTo("sheep ".repeat(5_000));
            String tag = answer.field("etag").orElseThrow();
            assertThat(tag).startsWith("W/");
            assertThat(
                            client.get(
                                            bench,
                                            "/s/big.txt",
                                            "accept-encoding",
                                            "gzip",
                                            "if-none-match",
                                            tag)
                                    .status())
                    .isEqualTo(304);
        }
    }

    /** The next request on a connection whose client went away in the middle of the one before. */
    @Test
    void clientsThatGoAwayLeaveNoFileOpen() throws IOException {
        Files.write(root.resolve("large"), new byte[20_000_000]);
        try (Bench bench = bench("}")) {
            for (int i = 0; i < 20; i++) {
                try (Wire wire = Wire.narrow(bench.port)) {
                    wire.send("GET /s/large HTTP/1.1\r\nHost: test\r\n\r\n");
                    assertThat(wire.readHead()).contains("200 OK");
                }
            }
            awaitClosed("large");
        }
    }

    private static void awaitClosed(String name) {
        Awaitility.await().atMost(Duration.ofSeconds(60)).until(() -> openFiles(name) == 0);
    }

    private static long openFiles(String name) throws IOException {
        try (var all = Files.list(Path.of("/proc/self/fd"))) {
            return all.filter(fd -> isOf(fd, name)).count();
        }
    }

    private static boolean isOf(Path fd, String name) {
        try {
            return Files.readSymbolicLink(fd).endsWith(name);
        } catch (IOException gone) {
            return false;
        }
    }

    @Test
    void aDirectoryThatIsNotThereIsRefusedAndTheOldOnesServe() {
        try (Bench bench = bench("}")) {
            String text =
                    bench.listener("") + "routes: [{files: {root: " + folder.resolve("no") + "}}]";
            L7Config config = L7Config.parse("test.yaml", text).orElseThrow();
            assertThat(bench.engine.apply("test.yaml", config))
                    .map(Problem::toString)
                    .singleElement()
                    .asString()
                    .contains("routes[0].files.root", folder.resolve("no") + " is not there");
            assertThat(bench.get("/s/hello.txt").text()).isEqualTo("0123456789");
        }
    }
}
