package dev.sluice.cluster.l7;

import dev.sluice.cluster.config.HostPort;
import dev.sluice.cluster.config.Reading;
import dev.sluice.cluster.config.Scalars;
import dev.sluice.cluster.config.Section;

import java.util.Collection;
import java.util.List;
import java.util.Map;

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

    static Entry read(Section section, Map<HostPort, String> taken, Collection<String> upstreams) {
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

    /**
     * Each at one listener.
     *
     * @param taken where each is listened on so far
     */
    static List<HostPort> addresses(Section section, Map<HostPort, String> taken) {
        String here = section.place("addresses");
        return section.list(
                "addresses", Scalars.hostPort().then(address -> free(address, here, taken)));
    }

    private static Reading<HostPort> free(
            HostPort address, String here, Map<HostPort, String> taken) {
        String first = taken.putIfAbsent(address, here);
        return first == null
                ? new Reading.Fits<>(address)
                : new Reading.Wrong<>(
                        "is listened on twice", "one listener each", "first at " + first);
    }
}
