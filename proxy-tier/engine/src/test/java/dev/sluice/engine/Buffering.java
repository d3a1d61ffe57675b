package dev.sluice.engine;

import static org.awaitility.Awaitility.await;

import dev.sluice.engine.buffer.BufferUse;

import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.io.TempDir;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/** A proxy whose route collects requests, in memory or in files. */
abstract class Buffering {
    static final int KIB = 1 << 10;
    static final String POST = "POST / HTTP/1.1\r\nHost: test\r\n";
    static final String CHUNKED = POST + "Transfer-Encoding: chunked\r\n\r\n";
    static final String MEMORY = "{memory: 64KiB, file: 0B}";
    static final String FILE = "{memory: 4KiB, file: 4MiB}";

    @TempDir Path temporary;
    Path directory;

    @BeforeEach
    void nameDirectory() {
        directory = temporary.resolve("buffers");
    }

    static String posted(int bytes) {
        return POST + "Content-Length: " + bytes + "\r\n\r\n";
    }

    static String body(int bytes) {
        StringBuilder text = new StringBuilder(bytes + 10);
        for (int i = 0; text.length() < bytes; i++) {
            text.append(i).append('.');
        }
        text.setLength(bytes);
        return text.toString();
    }

    Bench bench(String buffer, String upstream, Server... servers) {
        Bench bench = new Bench(EngineOptions.defaults("proxy-under-test").withBuffers(directory));
        bench.apply(yaml(bench, "", buffer, upstream, servers));
        return bench;
    }

    static String yaml(Bench bench, String top, String buffer, String upstream, Server... servers) {
        return top
                + bench.listener(Http2IT.H2)
                + bench.upstream(upstream, servers)
                + "routes: [{upstream: app, requestTimeout: 20s, buffer: "
                + buffer
                + "}]";
    }

    List<Path> files() throws IOException {
        try (var list = Files.list(directory)) {
            return list.toList();
        }
    }

    static void awaitEmpty(Bench bench) {
        await().until(() -> {
            BufferUse use = bench.engine.figures().buffers();
            return use.memoryBytes() == 0 && use.fileBytes() == 0 && use.files() == 0;
        });
        await().until(() -> bench.engine.load().requests() == 0);
    }
}
