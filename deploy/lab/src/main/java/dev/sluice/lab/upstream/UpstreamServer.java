package dev.sluice.lab.upstream;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.Collectors;

/**
 * A small server that the lab's proxies forward to. One virtual thread per request.
 *
 * <ul>
 *   <li>{@code /bytes/N?seed=S&rate=R}: N bytes that the seed determines, at most R bytes a second
 *       (as fast as the reader takes them if 0)
 *   <li>{@code /talk/N}: every {@link TalkRecord} of the body of that talk, checked and sent back
 *       as it comes, or an objection in its place
 *   <li>{@code /once/ID}: the request is written down, and answered with "ID, this server's name,
 *       the body's SHA-256"
 *   <li>{@code /digest}: the length and the SHA-256 of the body; the response's head comes before
 *   <li>{@code /echo}: the request as it arrived: its line, its headers, the length of its body
 *   <li>anything else: this server's name
 * </ul>
 */
public final class UpstreamServer implements AutoCloseable {
    private static final String TALK = "/talk/";
    private static final String ONCE = "/once/";
    private static final int CHUNK = 16 * 1024;
    private static final int BACKLOG = 512;

    static {
        // The JDK's server leaves Nagle's algorithm on: 40 ms on every second small answer.
        System.setProperty("sun.net.httpserver.nodelay", "true");
        System.setProperty("sun.net.httpserver.maxIdleConnections", "1000");
    }

    private final String name;
    private final HttpServer server;
    private final ExecutorService executor;
    private final Deliveries deliveries;

    private UpstreamServer(
            String name, HttpServer server, ExecutorService executor, Deliveries deliveries) {
        this.name = name;
        this.server = server;
        this.executor = executor;
        this.deliveries = deliveries;
    }

    /** Writes nothing down. */
    public static UpstreamServer start(String name, InetSocketAddress listen) throws IOException {
        return start(name, listen, Deliveries.toNowhere());
    }

    /**
     * @param deliveries the file in which it writes down what it was asked
     */
    public static UpstreamServer start(String name, InetSocketAddress listen, Path deliveries)
            throws IOException {
        return start(name, listen, Deliveries.to(deliveries));
    }

    private static UpstreamServer start(
            String name, InetSocketAddress listen, Deliveries deliveries) throws IOException {
        ExecutorService executor = Executors.newVirtualThreadPerTaskExecutor();
        UpstreamServer upstream =
                new UpstreamServer(name, HttpServer.create(listen, BACKLOG), executor, deliveries);
        upstream.server.setExecutor(executor);
        upstream.server.createContext("/", upstream::handle);
        upstream.server.start();
        return upstream;
    }

    /** Where it listens, with the real port. */
    public InetSocketAddress address() {
        return server.getAddress();
    }

    private void handle(HttpExchange exchange) throws IOException {
        try (exchange) {
            exchange.getResponseHeaders().set("X-Upstream", name);
            String path = exchange.getRequestURI().getPath();
            if (path.startsWith(TALK)) {
                talk(exchange, Long.parseLong(path.substring(TALK.length())));
                return;
            }
            if (path.startsWith(ONCE)) {
                once(exchange, path.substring(ONCE.length()));
                return;
            }
            if (path.equals("/digest")) {
                // The head comes first: an upload without an end wants to know who serves it.
                exchange.sendResponseHeaders(200, 0);
                exchange.getResponseBody().flush();
                String said = digest(exchange.getRequestBody()) + "\n";
                exchange.getResponseBody().write(said.getBytes(StandardCharsets.US_ASCII));
                return;
            }
            long bodyLength = exchange.getRequestBody().transferTo(OutputStream.nullOutputStream());
            if (path.startsWith("/bytes/")) {
                sendBytes(exchange, path.substring("/bytes/".length()));
            } else if (path.equals("/echo")) {
                sendText(exchange, 200, echo(exchange, bodyLength));
            } else {
                sendText(exchange, 200, name + "\n");
            }
        }
    }

    private void once(HttpExchange exchange, String id) throws IOException {
        String body = digest(exchange.getRequestBody());
        deliveries.add(id + " " + exchange.getRequestMethod());
        sendText(exchange, 200, id + " " + name + " " + body + "\n");
    }

    /** Length and SHA-256 of what is left of a stream. */
    private static String digest(InputStream in) throws IOException {
        MessageDigest digest = PseudoRandomBytes.newSha256();
        byte[] chunk = new byte[CHUNK];
        long length = 0;
        for (int count = in.read(chunk); count >= 0; count = in.read(chunk)) {
            digest.update(chunk, 0, count);
            length += count;
        }
        return length + " " + HexFormat.of().formatHex(digest.digest());
    }

    /** Ends when the client ends it, or leaves. */
    private static void talk(HttpExchange exchange, long number) throws IOException {
        exchange.sendResponseHeaders(200, 0);
        InputStream in = exchange.getRequestBody();
        OutputStream out = exchange.getResponseBody();
        byte[] record = new byte[TalkRecord.LENGTH];
        // The overload without a buffer asks the JDK's stream for nothing at last, and that blocks.
        for (long place = 0; in.readNBytes(record, 0, record.length) > 0; place++) {
            out.write(TalkRecord.isRight(record, number, place) ? record : TalkRecord.OBJECTION);
            out.flush();
        }
    }

    private static void sendText(HttpExchange exchange, int status, String text)
            throws IOException {
        byte[] body = text.getBytes(StandardCharsets.UTF_8);
        exchange.getResponseHeaders().set("Content-Type", "text/plain; charset=utf-8");
        exchange.sendResponseHeaders(status, body.length);
        exchange.getResponseBody().write(body);
    }

    private static String echo(HttpExchange exchange, long bodyLength) {
        String headers =
                exchange.getRequestHeaders().entrySet().stream()
                        .flatMap(e -> e.getValue().stream().map(v -> e.getKey() + ": " + v))
                        .sorted()
                        .collect(Collectors.joining("\n"));
        return "%s %s\n%s\n\n%d bytes\n"
                .formatted(
                        exchange.getRequestMethod(), exchange.getRequestURI(), headers, bodyLength);
    }

    private static void sendBytes(HttpExchange exchange, String length) throws IOException {
        Map<String, Long> options;
        long bytes;
        try {
            bytes = Long.parseLong(length);
            options = options(exchange.getRequestURI().getQuery());
        } catch (NumberFormatException e) {
            sendText(exchange, 400, "/bytes/N?seed=S&rate=R with whole numbers\n");
            return;
        }
        // A length of 0 means chunked to this server, and -1 no body.
        exchange.sendResponseHeaders(200, bytes == 0 ? -1 : bytes);
        stream(
                exchange.getResponseBody(),
                bytes,
                options.getOrDefault("seed", 0L),
                options.getOrDefault("rate", 0L));
    }

    private static Map<String, Long> options(String query) {
        Map<String, Long> options = new HashMap<>();
        if (query != null) {
            for (String option : query.split("&", -1)) {
                int equals = option.indexOf('=');
                options.put(
                        option.substring(0, Math.max(equals, 0)).toLowerCase(Locale.ROOT),
                        Long.parseLong(option.substring(equals + 1)));
            }
        }
        return options;
    }

    private static void stream(OutputStream out, long length, long seed, long bytesPerSecond)
            throws IOException {
        PseudoRandomBytes bytes = new PseudoRandomBytes(seed);
        byte[] chunk = new byte[CHUNK];
        long start = System.nanoTime();
        for (long sent = 0; sent < length; sent += chunk.length) {
            bytes.next(chunk);
            out.write(chunk, 0, (int) Math.min(length - sent, chunk.length));
            if (bytesPerSecond > 0) {
                out.flush();
                double due = (double) (sent + chunk.length) / bytesPerSecond * 1e9;
                LockSupport.parkNanos((long) due - (System.nanoTime() - start));
            }
        }
    }

    @Override
    public void close() {
        server.stop(0);
        executor.shutdownNow();
        deliveries.close();
    }
}
