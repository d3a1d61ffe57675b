package dev.sluice.cluster.l7;

import dev.sluice.cluster.config.HostPort;
import dev.sluice.cluster.config.Scalar;
import dev.sluice.cluster.config.Scalars;
import dev.sluice.cluster.config.Section;

import java.util.Collection;
import java.util.List;
import java.util.Set;

/** A listener of either kind: of requests ({@link Listener}), of bytes ({@link StreamListener}). */
public sealed interface Entry permits Listener, StreamListener {

    String name();

    List<HostPort> addresses();

    /** The key {@code kind} says which one. */
    enum Kind {
        HTTP,
        TCP,
        TLS_PASSTHROUGH
    }

    static Entry read(Section section, Set<HostPort> taken, Collection<String> upstreams) {
        return switch (section.optional("kind", Scalars.oneOf(Kind.class), Kind.HTTP)) {
            case HTTP -> Listener.read(section, taken);
            case TCP ->
                    StreamListener.read(
                            section, taken, StreamListener.Tcp.read(section, upstreams));
            case TLS_PASSTHROUGH ->
                    StreamListener.read(
                            section, taken, StreamListener.Passthrough.read(section, upstreams));
        };
    }

    /** Each at one listener. */
    static Scalar<HostPort> addresses(Set<HostPort> taken) {
        return Scalars.hostPort().where(taken::add, "is listened on twice", "one listener each");
    }
}
