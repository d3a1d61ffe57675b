package dev.sluice.engine;

import dev.sluice.cluster.l7.Zones;

import java.nio.file.Path;
import java.util.function.LongUnaryOperator;

/**
 * What of an engine its configuration does not say.
 *
 * @param proxyId what {@code X-Served-By} says if the configuration wants it
 * @param loops event loops; connections are spread over them
 * @param buffers directory of this engine for the files of buffered requests; made when a
 *     configuration needs it
 * @param zone where the proxy is; {@link Zones#NONE} if that does not matter
 * @param lag what the lateness of an event loop is taken for, in nanoseconds: for tests
 */
public record EngineOptions(
        String proxyId,
        Transport transport,
        int loops,
        Path buffers,
        String zone,
        LongUnaryOperator lag) {
    private static final int MAX_LOOPS = 256;

    public EngineOptions {
        if (loops < 1 || loops > MAX_LOOPS) {
            throw new IllegalArgumentException(
                    "loops " + loops + ": allowed are 1 to " + MAX_LOOPS);
        }
    }

    /** With a directory for buffers below that for temporary files. */
    public EngineOptions(String proxyId, Transport transport, int loops) {
        this(proxyId, transport, loops, temporary(), Zones.NONE, LongUnaryOperator.identity());
    }

    private static Path temporary() {
        return Path.of(System.getProperty("java.io.tmpdir"), "sluice-buffers");
    }

    public EngineOptions withBuffers(Path directory) {
        return new EngineOptions(proxyId, transport, loops, directory, zone, lag);
    }

    public EngineOptions inZone(String name) {
        return new EngineOptions(proxyId, transport, loops, buffers, name, lag);
    }

    EngineOptions withLag(LongUnaryOperator taken) {
        return new EngineOptions(proxyId, transport, loops, buffers, zone, taken);
    }

    /** The best transport of this host, an event loop for each processor. */
    public static EngineOptions defaults(String proxyId) {
        int processors = Runtime.getRuntime().availableProcessors();
        return new EngineOptions(proxyId, Transport.best(), Math.clamp(processors, 1, MAX_LOOPS));
    }
}
