package dev.sluice.cluster.l7.route;

import dev.sluice.cluster.config.Scalar;
import dev.sluice.cluster.config.Scalars;
import dev.sluice.cluster.config.Section;

import java.time.Duration;
import java.util.Collection;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * Which requests go to which upstream. Of those that match, the most specific wins: an exact host
 * before {@code *.longer.suffix} before {@code *.suffix} before any; then the longest path prefix.
 *
 * @param pathPrefix of whole segments: {@code /api} is for {@code /api} and {@code /api/x}, not for
 *     {@code /apix}. Without a slash at the end, except {@code /} itself
 * @param upstream name of one that exists
 * @param requestTimeout of the whole exchange; empty for none, which leaves slow downloads alone
 * @param buffer collects request bodies before the upstream is bothered; empty passes them on as
 *     they come
 */
public record Route(
        HostPattern host,
        String pathPrefix,
        String upstream,
        Optional<Duration> requestTimeout,
        Optional<Buffer> buffer) {
    private static final Pattern PREFIX =
            Pattern.compile("/|(/(?!\\.{1,2}(/|$))[A-Za-z0-9._~!$&'()*+,;=:@-]+)+/?");

    public static Route read(Section section, Collection<String> upstreams) {
        return new Route(
                section.optional("host", hosts(), new HostPattern.Any()),
                section.optional("path", prefix(), "/"),
                section.required("upstream", Scalars.oneOf(upstreams)),
                section.maybe(
                        "requestTimeout",
                        Scalars.duration(Duration.ofMillis(10), Duration.ofHours(24))),
                section.maybeSection("buffer", Buffer::read));
    }

    /** What it matches, as text: equal for routes of which only one can ever match. */
    public String match() {
        return host + pathPrefix;
    }

    public static Scalar<HostPattern> hosts() {
        return Scalars.parsed(
                new HostPattern.Any(),
                HostPattern::parse,
                "a host without port, *.domain, or * for any");
    }

    private static Scalar<String> prefix() {
        return Scalars.text()
                .where(
                        text -> PREFIX.matcher(text).matches(),
                        "is not a path prefix",
                        "/ or /segments, without '..', '//', '%', '?' or '#'")
                .map(text ->
                        text.length() > 1 && text.endsWith("/")
                                ? text.substring(0, text.length() - 1)
                                : text);
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
