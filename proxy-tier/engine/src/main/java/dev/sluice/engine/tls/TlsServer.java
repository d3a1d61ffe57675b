package dev.sluice.engine.tls;

import dev.sluice.cluster.config.Problem;
import dev.sluice.cluster.l7.HttpVersion;
import dev.sluice.cluster.l7.Tls;
import dev.sluice.engine.http.Security;

import io.netty.buffer.ByteBufAllocator;
import io.netty.handler.ssl.SslHandler;
import io.netty.handler.ssl.SslProvider;

import org.jspecify.annotations.Nullable;

import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;

import javax.net.ssl.SSLSession;

/**
 * Terminates TLS for a listener. Its files may be replaced while it serves: see {@link Watched}.
 * Connections keep the certificate and the terms that they began with.
 */
public final class TlsServer {
    public static final int MAX_CLIENT_HELLO_BYTES = 16 << 10;

    private final ContextLoader loader;
    private final Watched<Contexts> contexts;

    private TlsServer(ContextLoader loader, Watched<Contexts> contexts) {
        this.loader = loader;
        this.contexts = contexts;
    }

    /**
     * Reads the files; not for event loops.
     *
     * @param path of the configuration's section
     * @param versions offered to the client, the preferred one first; none where HTTP is not spoken
     * @return empty if a problem was reported
     */
    public static Optional<TlsServer> load(
            String origin,
            String path,
            Tls tls,
            List<HttpVersion> versions,
            Consumer<Problem> problems) {
        return load(new ContextLoader(origin, path, tls, versions, Provider.best()), problems);
    }

    static Optional<TlsServer> load(
            String origin, String path, Tls tls, SslProvider provider, Consumer<Problem> problems) {
        return load(new ContextLoader(origin, path, tls, List.of(), provider), problems);
    }

    private static Optional<TlsServer> load(ContextLoader loader, Consumer<Problem> problems) {
        return Watched.load(loader.tls().files(), loader::load, problems)
                .map(contexts -> new TlsServer(loader, contexts));
    }

    /**
     * Goes on with what another one made of the same files on the same terms, so that clients can
     * go on with their sessions.
     *
     * @param before null for none
     */
    public TlsServer after(@Nullable TlsServer before) {
        if (before != null && loader.makesWhat(before.loader)) {
            contexts.adopt(before.contexts);
        }
        return this;
    }

    /** Its files. */
    public Watched<?> files() {
        return contexts;
    }

    /** When certificates that are served end. */
    public record Expiry(String file, Instant notAfter) {}

    /** Of each certificate, in the order of the configuration. */
    public List<Expiry> expiries() {
        return contexts.current().all().stream()
                .map(served -> new Expiry(served.file(), served.leaf().getNotAfter().toInstant()))
                .toList();
    }

    /** Staples that have ended: their certificates are served without them. */
    public List<Problem> overdue(Instant now) {
        return contexts.current().all().stream()
                .map(Served::staple)
                .filter(staple -> staple != null && staple.hasEnded(now))
                .map(staple -> staple.overdue(loader.origin(), loader.path()))
                .toList();
    }

    /** What a client gets; null if it is to be refused. */
    public @Nullable Handshake begin(ClientHello hello, Instant now) {
        Contexts terms = contexts.current();
        Served served = terms.choose(hello);
        return served == null ? null : new Handshake(served, terms, terms.onlyHost(hello), now);
    }

    /** One client's. */
    public static final class Handshake {
        private final Served served;
        private final Contexts terms;
        private final @Nullable String only;
        private final Instant begin;

        private Handshake(Served served, Contexts terms, @Nullable String only, Instant begin) {
            this.served = served;
            this.terms = terms;
            this.only = only;
            this.begin = begin;
        }

        /** For the head of the connection's pipeline. */
        public SslHandler handler(ByteBufAllocator buffers) {
            return served.handler(buffers, begin);
        }

        /** Whether the client has to do without the staple because that was not renewed. */
        public boolean isStapleOverdue() {
            Staple staple = served.staple();
            return staple != null && staple.hasEnded(begin);
        }

        /** Once it is over; null if the client did not prove what it must. */
        public @Nullable Security verify(SSLSession session) {
            return served.verify(session, terms, only);
        }
    }
}
