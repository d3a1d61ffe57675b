package dev.sluice.control;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.cluster.config.Parsed;
import dev.sluice.cluster.pool.PoolSpec.HashField;
import dev.sluice.cluster.pool.PoolSpec.Wire;

import org.junit.jupiter.api.Test;

import java.nio.file.Path;
import java.time.Duration;
import java.util.EnumSet;
import java.util.HexFormat;
import java.util.List;

class ControlConfigTest {
    private static final String WHOLE =
            """
            id: control-1
            cluster: lab
            zookeeper: 198.18.0.9:2181,198.18.0.10:2181
            session: 6s
            embeddedZookeeper:
              listen: 198.18.0.9:2181
              data: /var/lib/sluice/zookeeper
            admin:
              socket: /run/sluice/other.sock
            pools:
              - name: web
                wire: glb
                hashFields: [source-address, source-port]
                binds: ["203.0.113.10:80/tcp", "[2001:db8::1]:443-444/udp"]
                hashKey: 000102030405060708090a0b0c0d0e0f
                seed: 0f0e0d0c0b0a09080706050403020100
                proxies:
                  - {id: proxy-1, address: 198.18.3.2, weight: 7}
                  - {id: proxy-2, address: 198.18.4.2}
            """;

    private static ControlConfig valid(String text) {
        return ControlConfig.parse("control.yaml", text).orElseThrow();
    }

    @Test
    void readsAWholeFile() {
        ControlConfig config = valid(WHOLE);
        assertThat(config.id()).isEqualTo("control-1");
        assertThat(config.zookeeper()).isEqualTo("198.18.0.9:2181,198.18.0.10:2181");
        assertThat(config.session()).isEqualTo(Duration.ofSeconds(6));
        assertThat(config.embeddedZookeeper().orElseThrow().data())
                .isEqualTo(Path.of("/var/lib/sluice/zookeeper"));
        assertThat(config.socket()).isEqualTo(Path.of("/run/sluice/other.sock"));
        PoolConfig pool = config.pools().getFirst();
        assertThat(pool.wire()).isEqualTo(Wire.GLB);
        assertThat(pool.hashFields())
                .isEqualTo(EnumSet.of(HashField.SOURCE_ADDRESS, HashField.SOURCE_PORT));
        assertThat(pool.binds())
                .extracting(Object::toString)
                .containsExactly("203.0.113.10:80/tcp", "[2001:db8::1]:443-444/udp");
        assertThat(HexFormat.of().formatHex(pool.hashKey().orElseThrow().bytes()))
                .isEqualTo("000102030405060708090a0b0c0d0e0f");
        assertThat(pool.proxies()).extracting(p -> p.weight()).containsExactly(7, 1);
    }

    @Test
    void defaultsServeAnAdminSocketAndNoPools() {
        ControlConfig config = valid("{id: c, cluster: lab, zookeeper: 'h:1'}");
        assertThat(config.socket()).isEqualTo(Path.of("/run/sluice/control.sock"));
        assertThat(config.session()).isEqualTo(Duration.ofSeconds(4));
        assertThat(config.pools()).isEmpty();
        assertThat(config.embeddedZookeeper()).isEmpty();
    }

    @Test
    void hashesAllFourFieldsByDefaultAndTheSourceAddressInGlbMode() {
        String pool =
                """
                {id: c, cluster: lab, zookeeper: 'h:1', pools: [{name: web, wire: %s,
                binds: ["203.0.113.10:80/tcp"], proxies: [{id: p, address: 198.18.0.1}]}]}
                """;
        assertThat(valid(pool.formatted("sluice")).pools().getFirst().hashFields())
                .isEqualTo(EnumSet.allOf(HashField.class));
        assertThat(valid(pool.formatted("glb")).pools().getFirst().hashFields())
                .isEqualTo(EnumSet.of(HashField.SOURCE_ADDRESS));
    }

    @Test
    void listsAllProblemsAtOnceAndNoKey() {
        Parsed<ControlConfig> parsed =
                ControlConfig.parse(
                        "control.yaml",
                        """
                        id: control 1
                        cluster: lab
                        session: 1s
                        admin: {sockt: /x}
                        pools:
                          - name: web
                            wire: glob
                            binds: ["203.0.113.10:99999/tcp"]
                            hashKey: 00112233
                            proxies:
                              - {id: p1, address: 198.18.3.2}
                              - {id: p1, address: 198.18.3.2, weight: 0}
                          - name: web
                            binds: ["203.0.113.10/tcp"]
                            proxies: [{id: p1, address: here}]
                        """);
        assertThat(parsed).isInstanceOf(Parsed.Invalid.class);
        List<String> problems = parsed.problems().stream().map(Object::toString).toList();
        assertThat(problems)
                .anyMatch(p -> p.startsWith("control.yaml:1:5: id: 'control 1'"))
                .anyMatch(p -> p.contains("zookeeper: is missing"))
                .anyMatch(p -> p.contains("session: '1s'") && p.contains("2s to 40s"))
                .anyMatch(p -> p.contains("admin.sockt") && p.contains("did you mean 'socket'?"))
                .anyMatch(p -> p.contains("pools[0].wire: 'glob'") && p.contains("sluice, glb"))
                .anyMatch(p -> p.contains("pools[0].binds[0]: '203.0.113.10:99999/tcp'"))
                .anyMatch(p -> p.contains("pools[0].hashKey") && p.contains("32 hexadecimal"))
                .anyMatch(p -> p.contains("pools[0].proxies[1].id: 'p1' is there twice"))
                .anyMatch(p -> p.contains("pools[0].proxies[1].address"))
                .anyMatch(p -> p.contains("pools[0].proxies[1].weight: '0'"))
                .anyMatch(p -> p.contains("pools[1].name: 'web' is there twice"))
                .anyMatch(p -> p.contains("pools[1].binds[0]"))
                .anyMatch(p -> p.contains("pools[1].proxies[0].address: 'here'"))
                .noneMatch(p -> p.contains("00112233"));
    }

    @Test
    void poolsWhoseBindsConflictAreAProblem() {
        List<String> problems =
                ControlConfig.parse(
                                "control.yaml",
                                """
                                id: control-1
                                cluster: lab
                                zookeeper: 198.18.0.9:2181
                                pools:
                                  - name: web
                                    binds: ["203.0.113.10:80/tcp", "203.0.113.10:400-500/tcp"]
                                    proxies: [{id: p1, address: 198.18.3.2}]
                                  - name: more
                                    binds: ["203.0.113.0/24:80/tcp", "203.0.113.10:420-430/tcp"]
                                    proxies: [{id: p1, address: 198.18.3.2}]
                                  - name: range
                                    binds: ["203.0.113.10:450-550/tcp"]
                                    proxies: [{id: p1, address: 198.18.3.2}]
                                  - name: same
                                    binds: ["203.0.113.10:80/udp", "203.0.113.10:80/tcp"]
                                    proxies: [{id: p1, address: 198.18.3.2}]
                                """)
                        .problems()
                        .stream()
                        .map(Object::toString)
                        .toList();
        assertThat(problems)
                .satisfiesExactly(
                        range ->
                                assertThat(range)
                                        .startsWith("control.yaml:12:12: pools[2].binds")
                                        .contains(
                                                "has 203.0.113.10:450-550/tcp, which overlaps"
                                                        + " 203.0.113.10:400-500/tcp of pool web,"
                                                        + " and neither is more specific")
                                        .contains("give each pool its own addresses or ports"),
                        same ->
                                assertThat(same)
                                        .startsWith("control.yaml:15:12: pools[3].binds")
                                        .contains(
                                                "has 203.0.113.10:80/tcp, which belongs to pool"
                                                        + " web"));
    }

    @Test
    void aMissingFileIsAProblemWithAWayOut() {
        assertThat(ControlConfig.load(Path.of("/nonexistent/control.yaml")).report())
                .contains("/nonexistent/control.yaml")
                .contains("name a readable file");
    }
}
