package dev.sluice.engine;

/**
 * What of an engine its configuration does not say.
 *
 * @param proxyId what {@code X-Served-By} says if the configuration wants it
 * @param loops event loops; connections are spread over them
 * @param accessLog one line per request on the logger {@code access}
 */
public record EngineOptions(String proxyId, Transport transport, int loops, boolean accessLog) {
    private static final int MAX_LOOPS = 256;

    public EngineOptions {
        if (loops < 1 || loops > MAX_LOOPS) {
            throw new IllegalArgumentException(
                    "loops " + loops + ": allowed are 1 to " + MAX_LOOPS);
        }
    }

    /** The best transport of this host, an event loop for each processor, no access log. */
    public static EngineOptions defaults(String proxyId) {
        int processors = Runtime.getRuntime().availableProcessors();
        return new EngineOptions(
                proxyId, Transport.best(), Math.clamp(processors, 1, MAX_LOOPS), false);
    }
}
