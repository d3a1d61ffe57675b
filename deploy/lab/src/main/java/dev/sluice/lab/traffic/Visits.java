package dev.sluice.lab.traffic;

import dev.sluice.lab.history.Event;
import dev.sluice.lab.history.Event.Broken;
import dev.sluice.lab.history.History;
import dev.sluice.lab.traffic.HttpConnection.Response;
import dev.sluice.lab.upstream.PseudoRandomBytes;

import java.io.EOFException;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.HexFormat;
import java.util.Optional;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.atomic.AtomicLong;

/**
 * One client's short requests, each with an id of its own: a GET, again on the same connection if
 * it stays open, or a POST on a new one, since a POST that meets a closing connection may not be
 * sent again (RFC 9110, 9.2.2). Used by one thread.
 */
final class Visits {
    private static final int MOST_REQUESTS = 6;
    private static final int LONGEST_BODY = 2048;
    private static final AtomicLong IDS = new AtomicLong();

    private final History history;
    private final Dialer dialer;
    private final boolean tls;
    private final Runnable rest;
    private String client = "";
    private String proxy = "";
    private String upstream = "";

    /**
     * @param rest between two requests
     */
    Visits(History history, Dialer dialer, boolean tls, Runnable rest) {
        this.history = history;
        this.dialer = dialer;
        this.tls = tls;
        this.rest = rest;
    }

    /** One connection's life. */
    void visit() {
        boolean post = ThreadLocalRandom.current().nextInt(4) == 0;
        int requests = post ? 1 : 1 + ThreadLocalRandom.current().nextInt(MOST_REQUESTS);
        client = "";
        proxy = "";
        upstream = "";
        long began = history.nowMs();
        try (HttpConnection connection = dialer.connect()) {
            client = connection.client();
            for (int i = 0; i < requests && request(connection, post, i == 0); i++) {
                rest.run();
            }
        } catch (IOException e) {
            add(began, post ? "POST" : "GET", nextId(), FailureKind.ofConnect(e), e.toString());
            rest.run();
        }
    }

    private static String nextId() {
        return "r" + IDS.incrementAndGet() + "-" + ProcessHandle.current().pid();
    }

    /** False if there will be no further one on this connection. */
    private boolean request(HttpConnection connection, boolean post, boolean first) {
        String id = nextId();
        long began = history.nowMs();
        String method = post ? "POST" : "GET";
        upstream = "";
        try {
            byte[] body = post ? body(id) : new byte[0];
            Response response = connection.send(method, "/once/" + id, body);
            check(response, id, body);
            add(began, method, id, Optional.empty());
            return !response.isLast();
        } catch (EOFException e) {
            // A server may close a resting connection at any time; a client then opens another.
            if (first || post || !upstream.isEmpty()) {
                add(began, method, id, FailureKind.CLOSED_EARLY, e.toString());
            }
        } catch (IOException e) {
            add(began, method, id, FailureKind.ofExchange(e), e.toString());
        }
        return false;
    }

    private static byte[] body(String id) {
        byte[] body = new byte[8 * (1 + ThreadLocalRandom.current().nextInt(LONGEST_BODY / 8))];
        new PseudoRandomBytes(id.hashCode()).next(body);
        return body;
    }

    private void check(Response response, String id, byte[] body) throws IOException {
        proxy = response.servedBy();
        upstream = response.headers().getOrDefault("x-upstream", "");
        String said = new String(response.body().readAllBytes(), StandardCharsets.UTF_8).strip();
        if (!response.isSuccess()) {
            throw new StatusException(response.status());
        }
        String right = "%s %s %d %s".formatted(id, upstream, body.length, sha256(body));
        if (!said.equals(right)) {
            throw new WrongBodyException("answered '" + said + "' instead of '" + right + "'");
        }
    }

    private static String sha256(byte[] body) {
        return HexFormat.of().formatHex(PseudoRandomBytes.newSha256().digest(body));
    }

    private void add(long began, String method, String id, FailureKind kind, String message) {
        add(began, method, id, Optional.of(new Broken(kind, message)));
    }

    private void add(long began, String method, String id, Optional<Broken> failure) {
        history.add(
                new Event.Request(
                        began, history.nowMs(), id, method, tls, client, proxy, upstream, failure));
    }
}
