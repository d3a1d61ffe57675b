package dev.sluice.engine;

import dev.sluice.cluster.config.Problem;
import dev.sluice.cluster.l7.EndpointLimits;
import dev.sluice.cluster.l7.L7Config;
import dev.sluice.cluster.l7.Upstream;
import dev.sluice.engine.tls.Secrets;
import dev.sluice.engine.tls.TlsClient;
import dev.sluice.engine.tls.Watched;
import dev.sluice.engine.upstream.Group;

import org.jspecify.annotations.Nullable;

import java.util.HashMap;
import java.util.Map;
import java.util.function.Consumer;

/** Makes the upstreams of a configuration ready to be used. */
final class Groups {
    private Groups() {}

    /**
     * By name. Those whose description is the same as before go on as they are; what is known of
     * the endpoints of others goes on. Blocks on files.
     *
     * @param origin what problems name as their file
     * @param options of the proxy
     */
    static Map<String, Group> of(
            String origin,
            L7Config config,
            EngineOptions options,
            Map<String, Group> before,
            Consumer<Problem> problems) {
        Map<String, Group> groups = new HashMap<>();
        for (int i = 0; i < config.upstreams().size(); i++) {
            Upstream upstream = config.upstreams().get(i);
            Watched<TlsClient> tls = tls(origin, "upstreams[" + i + "].tls", upstream, problems);
            Watched<Secrets> secrets =
                    secrets(origin, "upstreams[" + i + "].sticky", upstream, problems);
            checkLimit(origin, i, upstream, options.loops(), problems);
            Group known = before.get(upstream.name());
            groups.put(
                    upstream.name(),
                    known == null
                            ? new Group(upstream, tls, secrets, options.zone())
                            : known.replacedBy(upstream, tls, secrets));
        }
        return Map.copyOf(groups);
    }

    /** A connection belongs to one event loop, and streams of HTTP/2 may be open forever. */
    private static void checkLimit(
            String origin, int index, Upstream upstream, int loops, Consumer<Problem> problems) {
        int connections =
                upstream.limits().flatMap(EndpointLimits::connections).orElse(Integer.MAX_VALUE);
        if (Group.sharesConnections(upstream) && connections < loops) {
            problems.accept(
                    Problem.general(
                            origin,
                            "upstreams[" + index + "].limits.connections",
                            connections
                                    + " is less than one for each of the "
                                    + loops
                                    + " event loops of this proxy, which HTTP/2 needs",
                            "allow " + loops + " or more, or use version: h1"));
        }
    }

    private static @Nullable Watched<TlsClient> tls(
            String origin, String path, Upstream upstream, Consumer<Problem> problems) {
        return upstream.tls()
                .flatMap(tls ->
                        TlsClient.load(origin, path, tls, upstream.version().offers(), problems))
                .orElse(null);
    }

    private static @Nullable Watched<Secrets> secrets(
            String origin, String path, Upstream upstream, Consumer<Problem> problems) {
        return upstream.sticky()
                .flatMap(sticky -> Secrets.load(origin, path, sticky.secret(), problems))
                .orElse(null);
    }
}
