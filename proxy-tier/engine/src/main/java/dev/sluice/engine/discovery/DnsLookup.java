package dev.sluice.engine.discovery;

import dev.sluice.cluster.config.HostPort;
import dev.sluice.cluster.l7.Discovery;
import dev.sluice.cluster.l7.EndpointSpec;
import dev.sluice.cluster.l7.Upstream;
import dev.sluice.cluster.pool.Address;

import io.netty.handler.codec.dns.DnsRecordType;

import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * One look at what DNS says of a name. A name without addresses is a failure, not an upstream
 * without endpoints: it is far more often a mistake than meant.
 */
final class DnsLookup {
    private static final int MOST_ALIASES = 8;
    private static final int MOST_ENDPOINTS = Upstream.MAX_WEIGHTS / EndpointSpec.MAX_WEIGHT;

    private final DnsClient client;
    private long ttl = Long.MAX_VALUE;

    /** In order, each once. */
    private final Map<HostPort, Integer> endpoints = new LinkedHashMap<>();

    private DnsLookup(DnsClient client) {
        this.client = client;
    }

    /**
     * What was found.
     *
     * @param ttl of the record that ends first
     */
    record Result(List<EndpointSpec> endpoints, Duration ttl) {}

    static Result of(Discovery.Dns place, DnsClient client)
            throws DnsException, InterruptedException {
        DnsLookup lookup = new DnsLookup(client);
        if (place.records() == Discovery.Records.SRV) {
            lookup.services(place.name());
        } else {
            lookup.hosts(place.name(), place.records(), place.port(), 1);
        }
        return lookup.result(place);
    }

    private Result result(Discovery.Dns place) throws DnsException {
        if (endpoints.isEmpty()) {
            throw new DnsException(place.name() + " has no addresses");
        }
        if (endpoints.size() > MOST_ENDPOINTS) {
            throw new DnsException(
                    "%s has %d addresses: more than %d"
                            .formatted(place.name(), endpoints.size(), MOST_ENDPOINTS));
        }
        List<EndpointSpec> specs = new ArrayList<>();
        endpoints.forEach((address, weight) -> specs.add(new EndpointSpec(address, weight)));
        // Servers turn their answers round; that is no change.
        specs.sort((a, b) -> a.address().toString().compareTo(b.address().toString()));
        return new Result(specs, Duration.ofSeconds(ttl));
    }

    /** Those of the lowest priority (RFC 2782); the others are for when none of them is left. */
    private void services(String name) throws DnsException, InterruptedException {
        List<DnsAnswer.Service> all = new ArrayList<>();
        for (DnsAnswer.Entry entry : resolve(name, DnsRecordType.SRV)) {
            if (entry instanceof DnsAnswer.Service service && !service.target().equals(".")) {
                all.add(service);
            }
        }
        int first = all.stream().mapToInt(DnsAnswer.Service::priority).min().orElse(0);
        all.removeIf(service -> service.priority() != first);
        int most = all.stream().mapToInt(DnsAnswer.Service::weight).max().orElse(0);
        for (DnsAnswer.Service service : all) {
            int weight = weight(service.weight(), most);
            hosts(service.target(), Discovery.Records.ANY, service.port(), weight);
        }
    }

    /** Theirs go to 65,535; and 0 is not none but very little. */
    private static int weight(int theirs, int most) {
        int scaled =
                most > EndpointSpec.MAX_WEIGHT ? theirs * EndpointSpec.MAX_WEIGHT / most : theirs;
        return Math.max(1, scaled);
    }

    private void hosts(String name, Discovery.Records records, int port, int weight)
            throws DnsException, InterruptedException {
        for (DnsRecordType type : types(records)) {
            for (DnsAnswer.Entry entry : resolve(name, type)) {
                if (entry instanceof DnsAnswer.Host host && port > 0) {
                    endpoints.putIfAbsent(new HostPort(Address.of(host.address()), port), weight);
                }
            }
        }
    }

    private static List<DnsRecordType> types(Discovery.Records records) {
        return switch (records) {
            case A -> List.of(DnsRecordType.A);
            case AAAA -> List.of(DnsRecordType.AAAA);
            case ANY, SRV -> List.of(DnsRecordType.A, DnsRecordType.AAAA);
        };
    }

    /** Follows aliases as far as the server did not. */
    private List<DnsAnswer.Entry> resolve(String name, DnsRecordType type)
            throws DnsException, InterruptedException {
        String next = name;
        for (int i = 0; i < MOST_ALIASES; i++) {
            List<DnsAnswer.Entry> entries = client.ask(next, type).entries();
            String alias = null;
            boolean found = false;
            for (DnsAnswer.Entry entry : entries) {
                ttl = Math.min(ttl, entry.ttl());
                if (entry instanceof DnsAnswer.Alias(String target, long _)) {
                    alias = target;
                } else {
                    found = true;
                }
            }
            if (found || alias == null) {
                return entries;
            }
            next = alias;
        }
        throw new DnsException(name + " has more than " + MOST_ALIASES + " aliases in a row");
    }
}
