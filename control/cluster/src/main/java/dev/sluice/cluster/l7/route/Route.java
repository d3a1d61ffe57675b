package dev.sluice.cluster.l7.route;

import dev.sluice.cluster.config.Scalars;
import dev.sluice.cluster.config.Section;

import java.time.Duration;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * Which requests go where, and how they are treated on their way.
 *
 * @param name empty for none
 * @param requestTimeout of the whole exchange; empty for none, which leaves slow downloads alone
 * @param buffer collects request bodies before the upstream is bothered; empty passes them on as
 *     they come
 * @param bodyBytes of a request's body at most; empty for what the listener allows
 * @param retries which of its requests may be asked a second time
 * @param rateLimit how many requests it takes; empty for any number
 * @param cors which pages of other origins may read its answers; empty leaves that to the servers
 * @param compression which answers go out compressed; empty for none
 * @param mirror where copies of its requests go; empty for nowhere
 * @param hedge when a second endpoint is asked as well; empty for never
 */
public record Route(
        String name,
        Match match,
        Action action,
        Optional<Duration> requestTimeout,
        Optional<Buffer> buffer,
        Optional<Long> bodyBytes,
        Repeats retries,
        Optional<RateLimit> rateLimit,
        Optional<Cors> cors,
        Optional<Compression> compression,
        Optional<Mirroring> mirror,
        Optional<Hedging> hedge) {
    private static final List<String> FOR_UPSTREAMS =
            List.of("rewrite", "requestTimeout", "buffer", "limits", "retries", "mirror", "hedge");

    /** With nothing special about it. */
    public static Route plain(String name, Match match, Action action) {
        return new Route(
                name,
                match,
                action,
                Optional.empty(),
                Optional.empty(),
                Optional.empty(),
                Repeats.USUAL,
                Optional.empty(),
                Optional.empty(),
                Optional.empty(),
                Optional.empty(),
                Optional.empty());
    }

    static Route read(Section section, Match match, Collection<String> upstreams) {
        Route route =
                new Route(
                        section.optional("name", Scalars.name(), ""),
                        match,
                        Action.read(section, match.path(), upstreams),
                        section.maybe(
                                "requestTimeout",
                                Scalars.duration(Duration.ofMillis(10), Duration.ofHours(24))),
                        section.maybeSection("buffer", Buffer::read),
                        section.optionalSection(
                                "limits",
                                limits -> limits.maybe("body", Scalars.size(0, 1L << 50))),
                        section.optionalSection("retries", Repeats::read),
                        section.maybeSection("rateLimit", RateLimit::read),
                        section.maybeSection("cors", Cors::read),
                        section.maybeSection("compress", Compression::read),
                        section.maybeSection("mirror", inner -> Mirroring.read(inner, upstreams)),
                        section.maybeSection("hedge", Hedging::read));
        route.checkUse(section);
        return route;
    }

    /** A key that would do nothing is a mistake. */
    private void checkUse(Section section) {
        if (!section.has("split")) {
            section.refuse("splitBy", "has nothing to split");
        }
        if (!(action instanceof Action.Forward)) {
            FOR_UPSTREAMS.forEach(key -> section.refuse(key, "is for routes to upstreams"));
        }
        hedge.ifPresent(some -> some.checkUse(section, match, requestTimeout, retries));
    }

    public HostPattern host() {
        return match.host();
    }

    /** Names of those that its requests may go to. */
    public Stream<String> upstreams() {
        return switch (action) {
            case Action.Forward(Split split, Rewrite _) ->
                    split.shares().stream().map(Split.Share::upstream);
            case Redirect _, Respond _, StaticFiles _ -> Stream.empty();
        };
    }

    /**
     * How much of a request's body may wait in the proxy until it is whole. Units: bytes.
     *
     * @param memoryBytes kept in memory; about as much again while it goes into a file
     * @param fileBytes that go into a file when they are more; 0 for no file
     * @param beyond what becomes of a request with more than both
     */
    public record Buffer(int memoryBytes, long fileBytes, Beyond beyond) {
        static Buffer read(Section section) {
            return new Buffer(
                    section.optional(
                            "memory",
                            Scalars.size(4 << 10, 16 << 20).map(Math::toIntExact),
                            64 << 10),
                    section.optional("file", Scalars.size(0, 1L << 40), 16L << 20),
                    section.optional("beyond", Scalars.oneOf(Beyond.class), Beyond.REFUSE));
        }

        public long bytes() {
            return memoryBytes + fileBytes;
        }
    }

    /** What becomes of a request that is larger than its buffer. */
    public enum Beyond {
        /** The client gets 413. */
        REFUSE,
        /** The upstream gets what there is, and the rest as it comes. */
        STREAM
    }
}
