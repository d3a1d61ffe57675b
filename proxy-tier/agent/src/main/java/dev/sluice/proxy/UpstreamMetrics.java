package dev.sluice.proxy;

import dev.sluice.cluster.node.MetricsText;
import dev.sluice.engine.balance.EndpointStatus;
import dev.sluice.engine.upstream.Copies;
import dev.sluice.engine.upstream.UpstreamStatus;

import java.util.List;
import java.util.Locale;
import java.util.Map;

/** How upstreams are doing, for Prometheus: by their names, not by endpoints, which come and go. */
final class UpstreamMetrics {
    private UpstreamMetrics() {}

    static void addTo(MetricsText text, List<UpstreamStatus> upstreams) {
        text.gauge("sluice_proxy_upstream_endpoints", "Endpoints, by what they are used for.");
        for (UpstreamStatus upstream : upstreams) {
            for (EndpointStatus.Use use : EndpointStatus.Use.values()) {
                text.sample(
                        Map.of(
                                "upstream",
                                upstream.name(),
                                "use",
                                use.name().toLowerCase(Locale.ROOT)),
                        upstream.endpoints().stream().filter(one -> one.use() == use).count());
            }
        }
        text.gauge("sluice_proxy_upstream_requests", "Requests and streams on their way.");
        upstreams.forEach(one -> text.sample(labels(one), one.requests()));
        text.gauge(
                "sluice_proxy_upstream_panic",
                "1 if too few endpoints are fit, so that all of them are used.");
        upstreams.forEach(one -> text.sample(labels(one), one.panic() ? 1 : 0));
        text.counter(
                "sluice_proxy_upstream_ejections_total",
                "Endpoints left out for the requests that they failed.");
        upstreams.forEach(one -> text.sample(labels(one), one.ejections()));
        text.counter(
                "sluice_proxy_mirrored_requests_total",
                "Copies of requests, by the upstream that they are for and what became of them.");
        upstreams.forEach(one ->
                one.copies()
                        .forEach((result, count) -> {
                            if (count > 0) {
                                text.sample(
                                        Map.of("upstream", one.name(), "result", name(result)),
                                        count);
                            }
                        }));
        text.gauge(
                "sluice_proxy_upstream_lookup_trouble",
                "1 if its endpoints cannot be looked up: the last ones stay.");
        upstreams.forEach(one -> text.sample(labels(one), one.trouble().isEmpty() ? 0 : 1));
        queues(text, upstreams);
    }

    private static String name(Copies.Result result) {
        return result.name().toLowerCase(Locale.ROOT).replace('_', '-');
    }

    private static void queues(MetricsText text, List<UpstreamStatus> upstreams) {
        text.gauge(
                "sluice_proxy_upstream_waiting", "Requests that wait for a place at an endpoint.");
        upstreams.forEach(one -> text.sample(labels(one), one.waiting().now()));
        text.counter("sluice_proxy_upstream_waited_total", "Requests that had to wait for one.");
        upstreams.forEach(one -> text.sample(labels(one), one.waiting().joined()));
        text.counter("sluice_proxy_upstream_waited_microseconds_total", "How long, all together.");
        upstreams.forEach(one -> text.sample(labels(one), one.waiting().waitedNanos() / 1_000));
        text.counter(
                "sluice_proxy_upstream_queue_refusals_total",
                "Requests refused as too many waited already, or they waited too long.");
        for (UpstreamStatus upstream : upstreams) {
            text.sample(refusals(upstream, "full"), upstream.waiting().full());
            text.sample(refusals(upstream, "late"), upstream.waiting().late());
        }
    }

    private static Map<String, String> refusals(UpstreamStatus upstream, String why) {
        return Map.of("upstream", upstream.name(), "why", why);
    }

    private static Map<String, String> labels(UpstreamStatus upstream) {
        return Map.of("upstream", upstream.name());
    }
}
