package dev.sluice.engine.discovery;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.sluice.cluster.config.HostPort;
import dev.sluice.cluster.l7.Discovery;
import dev.sluice.cluster.l7.EndpointSpec;
import dev.sluice.cluster.pool.Address;

import io.netty.handler.codec.dns.DnsRecordType;

import org.junit.jupiter.api.Test;

import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

final class DnsLookupTest {
    private final Map<String, List<DnsAnswer.Entry>> zone = new HashMap<>();
    private final List<String> asked = new ArrayList<>();

    private DnsAnswer ask(String name, DnsRecordType type) {
        asked.add(name + " " + type.name());
        return new DnsAnswer(zone.getOrDefault(name + " " + type.name(), List.of()));
    }

    private static DnsAnswer.Host host(String address, long ttl) {
        return new DnsAnswer.Host(Address.parse(address).bytes(), ttl);
    }

    private static Discovery.Dns place(Discovery.Records records, int port) {
        return new Discovery.Dns(
                "app.internal",
                records,
                port,
                List.of(),
                Duration.ofSeconds(1),
                Duration.ofMinutes(5));
    }

    private DnsLookup.Result look(Discovery.Records records, int port) throws Exception {
        return DnsLookup.of(place(records, port), this::ask);
    }

    private static EndpointSpec endpoint(String address, int weight) {
        return new EndpointSpec(HostPort.parse(address), weight);
    }

    @Test
    void anAnswerInAnotherOrderIsTheSame() throws Exception {
        zone.put("app.internal A", List.of(host("198.18.3.2", 60), host("198.18.3.1", 60)));
        DnsLookup.Result one = look(Discovery.Records.A, 80);
        zone.put("app.internal A", List.of(host("198.18.3.1", 60), host("198.18.3.2", 60)));
        assertThat(look(Discovery.Records.A, 80)).isEqualTo(one);
        assertThat(one.endpoints())
                .containsExactly(endpoint("198.18.3.1:80", 1), endpoint("198.18.3.2:80", 1));
    }

    @Test
    void theRecordThatEndsFirstSaysWhenAliasesIncluded() throws Exception {
        zone.put("app.internal A", List.of(new DnsAnswer.Alias("b.internal", 20)));
        zone.put(
                "b.internal A",
                List.of(new DnsAnswer.Alias("c.internal", 40), host("198.18.3.1", 300)));
        DnsLookup.Result result = look(Discovery.Records.A, 80);
        assertThat(result.ttl()).isEqualTo(Duration.ofSeconds(20));
        assertThat(asked).containsExactly("app.internal A", "b.internal A");
    }

    @Test
    void aliasesInACircleAreAFailure() {
        zone.put("app.internal A", List.of(new DnsAnswer.Alias("app.internal", 20)));
        assertThatThrownBy(() -> look(Discovery.Records.A, 80))
                .hasMessage("app.internal has more than 8 aliases in a row");
    }

    @Test
    void eitherKindOfAddressWillDo() throws Exception {
        zone.put("app.internal AAAA", List.of(host("2001:db8::1", 60)));
        assertThat(look(Discovery.Records.ANY, 80).endpoints())
                .containsExactly(endpoint("[2001:db8::1]:80", 1));
        assertThatThrownBy(() -> look(Discovery.Records.A, 80))
                .hasMessage("app.internal has no addresses");
    }

    @Test
    void servicesSayPortAndWeightAndTheFirstPriorityCounts() throws Exception {
        zone.put(
                "app.internal SRV",
                List.of(
                        new DnsAnswer.Service(10, 30_000, 8080, "a.internal", 60),
                        new DnsAnswer.Service(10, 60_000, 8081, "b.internal", 60),
                        new DnsAnswer.Service(10, 0, 8082, "a.internal", 60),
                        new DnsAnswer.Service(20, 1, 8083, "spare.internal", 60)));
        zone.put("a.internal A", List.of(host("198.18.3.1", 5)));
        zone.put("b.internal A", List.of(host("198.18.3.2", 60)));
        DnsLookup.Result result = look(Discovery.Records.SRV, 0);
        assertThat(result.endpoints())
                .containsExactly(
                        endpoint("198.18.3.1:8080", 500),
                        endpoint("198.18.3.1:8082", 1),
                        endpoint("198.18.3.2:8081", 1_000));
        assertThat(result.ttl()).isEqualTo(Duration.ofSeconds(5));
        assertThat(asked).doesNotContain("spare.internal A");
    }

    @Test
    void anAnswerIsAskedForAgainWhenItEndsWithinBounds() {
        Discovery.Dns place = place(Discovery.Records.A, 80);
        assertThat(DnsFinder.clamp(Duration.ofSeconds(30), place)).hasSeconds(30);
        assertThat(DnsFinder.clamp(Duration.ZERO, place)).hasSeconds(1);
        assertThat(DnsFinder.clamp(Duration.ofHours(1), place)).hasMinutes(5);
    }

    @Test
    void theHostNamesItsServers() {
        assertThat(
                        NameServers.parse(
                                List.of(
                                        "# by hand",
                                        "search internal",
                                        "nameserver 198.18.0.53",
                                        "nameserver\t2001:db8::53 ",
                                        "nameserver fe80::1%eth0",
                                        "options edns0")))
                .containsExactly(
                        HostPort.parse("198.18.0.53:53"), HostPort.parse("[2001:db8::53]:53"));
    }
}
