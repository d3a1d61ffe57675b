package dev.sluice.control;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.cluster.glb.GlbBackend;
import dev.sluice.cluster.glb.GlbBackend.State;
import dev.sluice.cluster.glb.GlbBind;
import dev.sluice.cluster.glb.GlbImport;
import dev.sluice.cluster.glb.GlbRows;
import dev.sluice.cluster.glb.GlbTable;
import dev.sluice.cluster.hash.SipHash;
import dev.sluice.cluster.pool.Address;
import dev.sluice.cluster.pool.Bind.Protocol;
import dev.sluice.cluster.pool.PoolSpec.HashField;
import dev.sluice.cluster.pool.PoolSpec.Wire;
import dev.sluice.cluster.pool.PoolState;
import dev.sluice.cluster.pool.Proxy;
import dev.sluice.cluster.table.ChainTable;
import dev.sluice.cluster.table.ForwardingTable;
import dev.sluice.cluster.table.LocalDemotion;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import java.util.ArrayList;
import java.util.List;
import java.util.Set;

/** What `sluice glb import` prints, founded as a pool, forwards as GLB's table does. */
class GlbImportTest {
    private static final SipHash.Key KEY = new SipHash.Key(0x0123456789abcdefL, 42);
    private static final SipHash.Key SEED = new SipHash.Key(-7, 0x7fffffffffffffffL);
    private static final GlbBind BIND =
            new GlbBind(Address.parse("203.0.113.10"), 32, Protocol.TCP, 80, 80);

    /** A letter a backend: active, unhealthy, draining, filling, inactive. */
    @ParameterizedTest
    @ValueSource(
            strings = {
                "aa",
                "aaaaaaaaaaaaaaaa",
                "aaad",
                "aida",
                "dd",
                "adi",
                "faf",
                "uaaa",
                "auda"
            })
    void forwardsAsTheTableDid(String backends) {
        GlbTable table = table("web", backends);
        PoolState pool = found(GlbImport.of(List.of(table), Wire.GLB, Set.of()));
        ForwardingTable installed =
                LocalDemotion.apply(ChainTable.of(pool), i -> isHealthy(table, pool, i));
        GlbRows rows = GlbRows.of(table);

        for (int row = 0; row < ForwardingTable.ROWS; row++) {
            assertThat(installed.hopsOf(row).stream().map(Proxy::address))
                    .as("row %d", row)
                    .containsExactly(
                            table.backends().get(rows.primary(row)).address(),
                            table.backends().get(rows.secondary(row)).address());
        }
    }

    /** GLB sends new flows of such a row to a backend that drains (docs/adr/0022). */
    @ParameterizedTest
    @ValueSource(strings = {"aidada", "addi", "aaaaddda"})
    void putsAnActiveBackendFirstWhereGlbHasNone(String backends) {
        GlbTable table = table("web", backends);
        ForwardingTable installed =
                ChainTable.of(found(GlbImport.of(List.of(table), Wire.GLB, Set.of())));
        GlbRows rows = GlbRows.of(table);
        int without = 0;

        for (int row = 0; row < ForwardingTable.ROWS; row++) {
            GlbBackend primary = table.backends().get(rows.primary(row));
            GlbBackend secondary = table.backends().get(rows.secondary(row));
            List<Address> chain = installed.hopsOf(row).stream().map(Proxy::address).toList();
            if (primary.state() == State.ACTIVE || secondary.state() == State.ACTIVE) {
                assertThat(chain).containsExactly(primary.address(), secondary.address());
            } else {
                without++;
                assertThat(installed.hopsOf(row).getFirst().state()).isEqualTo(Proxy.State.ACTIVE);
                assertThat(chain.getLast()).isEqualTo(primary.address());
            }
        }
        assertThat(without).isPositive();
    }

    private static boolean isHealthy(GlbTable table, PoolState pool, int proxy) {
        Address address = pool.proxies().get(proxy).address();
        return table.backends().stream().anyMatch(b -> b.address().equals(address) && b.healthy());
    }

    @Test
    void carriesOverKeysFieldsAndBinds() {
        GlbTable table =
                new GlbTable(
                        "api",
                        KEY,
                        SEED,
                        List.of(
                                BIND,
                                new GlbBind(Address.parse("2001:db8::99"), 64, Protocol.UDP, 0, 9)),
                        backends("aa"));
        PoolState pool =
                found(
                        GlbImport.of(
                                List.of(table),
                                Wire.SLUICE,
                                Set.of(HashField.SOURCE_ADDRESS, HashField.DESTINATION_PORT)));

        assertThat(pool.name()).isEqualTo("api");
        assertThat(pool.spec().wire()).isEqualTo(Wire.SLUICE);
        assertThat(pool.spec().hashKey()).isEqualTo(KEY);
        assertThat(pool.spec().seed()).isEqualTo(SEED);
        assertThat(pool.spec().hashFields())
                .containsExactlyInAnyOrder(HashField.SOURCE_ADDRESS, HashField.DESTINATION_PORT);
        assertThat(pool.spec().binds().toString())
                .isEqualTo("[203.0.113.10:80/tcp, [2001:db8::]/64:1-9/udp]");
    }

    @Test
    void saysWhatAPoolCannotSay() {
        GlbTable odd =
                new GlbTable(
                        "Über",
                        KEY,
                        SEED,
                        List.of(BIND, BIND, new GlbBind(BIND.address(), 32, Protocol.TCP, 0, 0)),
                        List.of(
                                new GlbBackend(Address.parse("198.18.0.1"), State.FILLING, true),
                                new GlbBackend(Address.parse("198.18.0.1"), State.ACTIVE, true),
                                new GlbBackend(Address.parse("198.18.0.2"), State.ACTIVE, false)));
        GlbImport imported = GlbImport.of(List.of(odd), Wire.GLB, Set.of());

        assertThat(imported.notes())
                .containsExactly(
                        "pool ber: is table 1, whose name no pool can have",
                        "pool ber: bind 203.0.113.10:80/tcp is there twice: the first one counts",
                        "pool ber: bind 203.0.113.10, port 0: no client can reach it",
                        "pool ber: backend 198.18.0.1 is filling: it is active here, for it takes"
                                + " new flows",
                        "pool ber: backend 198.18.0.1 is there twice: it is one proxy",
                        "pool ber: backend 198.18.0.2 is unhealthy: that is not carried over,"
                                + " directors probe proxies themselves",
                        "pool ber: GLB leaves a draining or unhealthy backend first where the"
                                + " second one is filling; here the second comes first");
        assertThat(found(imported).proxies()).hasSize(2);
    }

    @Test
    void givesEveryTableANameOfItsOwn() {
        GlbImport imported =
                GlbImport.of(
                        List.of(table("web", "aa"), other("web"), other("")), Wire.GLB, Set.of());

        assertThat(pools(imported))
                .extracting(PoolConfig::name)
                .containsExactly("web", "web-2", "table-3");
    }

    private static GlbTable other(String name) {
        GlbBind bind =
                new GlbBind(
                        BIND.address(), 32, Protocol.TCP, 443 + name.length(), 443 + name.length());
        return new GlbTable(name, KEY, SEED, List.of(bind), backends("aa"));
    }

    private static GlbTable table(String name, String backends) {
        return new GlbTable(name, KEY, SEED, List.of(BIND), backends(backends));
    }

    private static List<GlbBackend> backends(String letters) {
        List<GlbBackend> backends = new ArrayList<>();
        for (int i = 0; i < letters.length(); i++) {
            State state =
                    switch (letters.charAt(i)) {
                        case 'd' -> State.DRAINING;
                        case 'f' -> State.FILLING;
                        case 'i' -> State.INACTIVE;
                        default -> State.ACTIVE;
                    };
            Address address = Address.parse("198.18.0." + (i + 1));
            backends.add(new GlbBackend(address, state, letters.charAt(i) != 'u'));
        }
        return backends;
    }

    private static PoolState found(GlbImport imported) {
        return Founding.found(
                pools(imported).getFirst(),
                () -> {
                    throw new AssertionError("the tables' keys are there");
                },
                0);
    }

    private static List<PoolConfig> pools(GlbImport imported) {
        String file = "id: c\ncluster: lab\nzookeeper: 198.18.0.9:2181\n" + imported.yaml();
        return ControlConfig.parse("control.yaml", file).orElseThrow().pools();
    }
}
