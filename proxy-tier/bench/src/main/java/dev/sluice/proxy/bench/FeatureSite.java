package dev.sluice.proxy.bench;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;

import dev.sluice.cluster.l7.L7Config;
import dev.sluice.engine.Engine;
import dev.sluice.engine.EngineOptions;
import dev.sluice.engine.Transport;

import io.netty.channel.EventLoopGroup;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.epoll.EpollIoHandler;

import java.io.IOException;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.Base64;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/**
 * What {@link FeatureBench} asks: a route for each feature, before the same two servers. What is
 * set for a whole proxy has an engine of its own, with one event loop; those nobody asks sleep.
 */
final class FeatureSite implements AutoCloseable {
    private static final int KEY_BYTES = 32;

    private final EventLoopGroup loops =
            new MultiThreadIoEventLoopGroup(1, EpollIoHandler.newFactory());
    private final Origin one = new Origin(loops);
    private final Origin other = new Origin(loops);
    private final Origin copy = new Origin(loops);
    private final Path folder = Files.createTempDirectory("sluice-features-");
    private final HttpServer collector =
            HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    private final Map<String, Served> served = new HashMap<>();

    /** An engine and its port. */
    private record Served(Engine engine, int port) {}

    FeatureSite(int bodyBytes) throws IOException {
        try {
            Files.write(folder.resolve(Integer.toString(bodyBytes)), Origin.body(bodyBytes));
            writeSecret();
            collector.createContext("/", FeatureSite::take);
            collector.start();
            for (Feature feature : Feature.values()) {
                if (!served.containsKey(feature.settings())) {
                    served.put(feature.settings(), serve(feature.settings()));
                }
            }
        } catch (IOException | RuntimeException e) {
            close();
            throw e;
        }
    }

    private void writeSecret() throws IOException {
        Path secret = folder.resolve("secret");
        Files.createFile(
                secret,
                PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
        Files.writeString(secret, Base64.getEncoder().encodeToString(new byte[KEY_BYTES]) + "\n");
    }

    /** Takes spans as a collector does, and looks at none. */
    private static void take(HttpExchange exchange) throws IOException {
        try (exchange) {
            exchange.getRequestBody().transferTo(OutputStream.nullOutputStream());
            exchange.sendResponseHeaders(200, -1);
        }
    }

    private Served serve(String settings) throws IOException {
        Engine engine = Engine.start(new EngineOptions("bench", Transport.best(), 1));
        int port = Site.freePort();
        var problems =
                engine.apply(
                        "features", L7Config.parse("features", text(settings, port)).orElseThrow());
        if (!problems.isEmpty()) {
            engine.close();
            throw new IOException(problems.toString());
        }
        return new Served(engine, port);
    }

    private String text(String settings, int port) {
        String servers = "'127.0.0.1:%d', '127.0.0.1:%d'".formatted(one.port(), other.port());
        StringBuilder text = new StringBuilder(settings);
        text.append("\nlisteners: [{name: web, addresses: ['127.0.0.1:%d']}]".formatted(port));
        text.append("\nupstreams:");
        text.append("\n- {name: app, endpoints: [%s]}".formatted(servers));
        text.append(
                "\n- {name: known, endpoints: [%s], sticky: {secret: 'FOLDER/secret'}}"
                        .formatted(servers));
        text.append("\n- {name: copy, endpoints: ['127.0.0.1:%d']}".formatted(copy.port()));
        text.append("\nroutes:\n");
        for (Feature feature : Feature.values()) {
            text.append(feature.route());
        }
        return text.toString()
                .replace("FOLDER", folder.toString())
                .replace("COLLECTOR", "127.0.0.1:" + collector.getAddress().getPort());
    }

    /** Where a feature is asked for. */
    int port(Feature feature) {
        return of(feature).port();
    }

    Engine engine(Feature feature) {
        return of(feature).engine();
    }

    private Served of(Feature feature) {
        Served found = served.get(feature.settings());
        if (found == null) {
            throw new IllegalStateException("nothing serves " + feature.title());
        }
        return found;
    }

    /** Copies of requests that came to their server. */
    long copies() {
        return copy.answered();
    }

    /** What did not cost what it should, since it was dropped. */
    List<String> losses() {
        List<String> lines = new ArrayList<>();
        for (Feature feature : Feature.values()) {
            if (!feature.settings().isEmpty()) {
                add(lines, feature, "lines", engine(feature).figures().logLines());
                add(lines, feature, "spans", engine(feature).figures().spans());
            }
        }
        return lines;
    }

    private static void add(
            List<String> lines, Feature feature, String what, Map<String, Long> counts) {
        long dropped = counts.getOrDefault("dropped", 0L);
        long all = counts.values().stream().mapToLong(Long::longValue).sum();
        if (dropped > 0) {
            lines.add(feature.title() + ": " + dropped + " of " + all + " " + what + " dropped");
        }
    }

    @Override
    public void close() throws IOException {
        served.values().forEach(each -> each.engine().close());
        collector.stop(0);
        loops.shutdownGracefully();
        try (Stream<Path> files = Files.list(folder)) {
            for (Path file : files.toList()) {
                Files.delete(file);
            }
        }
        Files.delete(folder);
    }
}
