package dev.sluice.proxy.bench;

import dev.sluice.cluster.l7.L7Config;
import dev.sluice.engine.Engine;
import dev.sluice.engine.EngineOptions;
import dev.sluice.engine.Transport;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/** The engine as a process of its own, with one event loop. */
public final class SluiceUnderTest {
    /** As the {@code sluice} script runs a proxy. */
    static final List<String> JVM_FLAGS =
            List.of(
                    "--enable-native-access=ALL-UNNAMED",
                    "--sun-misc-unsafe-memory-access=allow",
                    "-Dio.netty.allocator.type=pooled",
                    "-Dio.netty.leakDetection.level=disabled");

    private SluiceUnderTest() {}

    /** Arguments: transport, file. Serves until standard input ends, as with its parent. */
    public static void main(String[] args) throws IOException {
        Transport transport = Transport.valueOf(args[0]);
        Path file = Path.of(args[1]);
        L7Config config = L7Config.parse(args[1], Files.readString(file)).orElseThrow();
        try (Engine engine = Engine.start(new EngineOptions("bench", transport, 1))) {
            var problems = engine.apply(args[1], config);
            if (!problems.isEmpty()) {
                throw new IOException(problems.toString());
            }
            while (System.in.read() >= 0) {
                // Nothing is said to it.
            }
        }
    }
}
