package dev.sluice.datapath;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.sluice.cluster.packet.DirectorCounter;
import dev.sluice.cluster.pool.Address;
import dev.sluice.cluster.pool.Bind;
import dev.sluice.cluster.pool.PoolSpec;
import dev.sluice.cluster.table.ForwardingTable;
import dev.sluice.cluster.table.LocalDemotion;

import org.junit.jupiter.api.Test;

import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/** Installing, swapping and removing tables in the kernel, seen by what happens to a packet. */
class PoolTablesPacketTest {
    private static final int FIRST_HOP = 14 + 16;
    private static final byte[] FRAME = DirectorCases.frame();

    private static void onDirector(Consumer<LoadedDirector> test) {
        Capability.BPF.require();
        try (LoadedDirector director =
                new LoadedDirector(DirectorCase.DIRECTOR, Transmit.toSender())) {
            test.accept(director);
        }
    }

    private static Address firstHop(LoadedDirector director) {
        byte[] frame = director.run(FRAME).frame();
        return Address.of(Arrays.copyOfRange(frame, FIRST_HOP, FIRST_HOP + 4));
    }

    private static ForwardingTable withBinds(long generation, String view, Bind... binds) {
        return TestPools.table(
                TestPools.spec(PoolSpec.Wire.SLUICE, List.of(binds)), generation, view);
    }

    private static Bind vip(int port) {
        return Bind.tcp(TestPools.VIP, port);
    }

    @Test
    void packetsFollowTheTableThatIsInstalled() {
        onDirector(director -> {
            director.install(TestPools.table(1, "p1"));
            assertThat(firstHop(director)).isEqualTo(TestPools.address("p1"));
            director.install(TestPools.table(2, "p2"));
            assertThat(firstHop(director)).isEqualTo(TestPools.address("p2"));
            assertThat(director.tables().installed()).isEqualTo(Map.of("web", 2L));
        });
    }

    @Test
    void refusesAnOlderGenerationAndGoesOnWithTheNewerOne() {
        onDirector(director -> {
            director.install(TestPools.table(5, "p1"));
            assertThatThrownBy(() -> director.install(TestPools.table(4, "p2")))
                    .isInstanceOf(IllegalArgumentException.class)
                    .hasMessageContaining("generation 4 cannot follow generation 5");
            assertThat(firstHop(director)).isEqualTo(TestPools.address("p1"));
        });
    }

    @Test
    void takesTheSameGenerationWithHopsReordered() {
        onDirector(director -> {
            ForwardingTable table = TestPools.table(5, "p1 p2");
            director.install(table);
            Address first = firstHop(director);
            int firstIndex = first.equals(TestPools.address("p1")) ? 0 : 1;
            director.install(LocalDemotion.apply(table, i -> i != firstIndex));
            assertThat(firstHop(director)).isNotEqualTo(first);
            director.install(table);
            assertThat(firstHop(director)).isEqualTo(first);
        });
    }

    @Test
    void refusesTheSameGenerationWithOtherHops() {
        onDirector(director -> {
            director.install(TestPools.table(5, "p1 p2"));
            assertThatThrownBy(() -> director.install(TestPools.table(5, "p1 p3")))
                    .isInstanceOf(IllegalArgumentException.class);
        });
    }

    @Test
    void refusesABlockThatIsNoneAndGoesOnWithTheTableThatItHas() {
        onDirector(director -> {
            director.install(TestPools.table(1, "p1"));
            Bind block = new Bind(TestPools.VIP, 24, Bind.Protocol.TCP, 443, 443);
            assertThatThrownBy(() -> director.install(withBinds(2, "p2", block)))
                    .isInstanceOf(IllegalArgumentException.class)
                    .hasMessageContaining("203.0.113.10/24:443/tcp has bits set behind");
            assertThat(firstHop(director)).isEqualTo(TestPools.address("p1"));
        });
    }

    @Test
    void refusesABindOfAnotherPool() {
        onDirector(director -> {
            director.install(TestPools.table(1, "p1"));
            assertThatThrownBy(() -> director.install(TestPools.named("api", 1, "p2")))
                    .isInstanceOf(IllegalArgumentException.class)
                    .hasMessageContaining("belongs to another pool");
            assertThat(director.tables().installed()).containsOnlyKeys("web");
        });
    }

    @Test
    void bindsComeAndGoWithTheTable() {
        onDirector(director -> {
            director.install(withBinds(1, "p1", vip(443)));
            director.install(withBinds(2, "p1", vip(80)));
            assertThat(director.run(FRAME).counters())
                    .containsExactly(DirectorCounter.PASS_NO_BIND);
            director.install(withBinds(3, "p1", vip(80), vip(443)));
            assertThat(firstHop(director)).isEqualTo(TestPools.address("p1"));
        });
    }

    @Test
    void packetsOfARemovedPoolGoToTheKernel() {
        onDirector(director -> {
            director.install(TestPools.table(5, "p1"));
            director.tables().remove("web");
            assertThat(director.run(FRAME).counters())
                    .containsExactly(DirectorCounter.PASS_NO_BIND);
            assertThat(director.tables().installed()).isEmpty();
            director.install(TestPools.table(1, "p2"));
            assertThat(firstHop(director)).isEqualTo(TestPools.address("p2"));
        });
    }

    @Test
    void refusesBindsOfWhichNeitherIsMoreSpecific() {
        onDirector(director -> {
            director.install(
                    withBinds(1, "p1", new Bind(TestPools.VIP, 32, Bind.Protocol.TCP, 400, 500)));
            PoolSpec other =
                    TestPools.spec(
                            PoolSpec.Wire.SLUICE,
                            List.of(new Bind(TestPools.VIP, 32, Bind.Protocol.TCP, 450, 600)));
            assertThatThrownBy(() -> director.install(TestPools.table("api", other, 1, "p2")))
                    .isInstanceOf(IllegalArgumentException.class)
                    .hasMessageContaining("neither is more specific");
        });
    }

    @Test
    void anInstallThatFailsHalfWayIsTakenBack() {
        onDirector(director -> {
            director.install(withBinds(1, "p1", vip(443)));
            // In each of 500 addresses there are 1,200 spans of ports: more than there is room for.
            Stream<Bind> ranges =
                    IntStream.range(1, 601)
                            .mapToObj(i ->
                                    new Bind(
                                            Address.parse("203.0.0.0"),
                                            16,
                                            Bind.Protocol.TCP,
                                            i * 100,
                                            i * 100 + 50));
            Stream<Bind> addresses =
                    IntStream.range(0, 500)
                            .mapToObj(i ->
                                    Bind.tcp(
                                            Address.parse(
                                                    "203.0.%d.%d".formatted(i / 250, i % 250)),
                                            7));
            Bind[] many = Stream.concat(ranges, addresses).toArray(Bind[]::new);
            assertThatThrownBy(() -> director.install(withBinds(2, "p2", many)))
                    .isInstanceOf(IllegalArgumentException.class)
                    .hasMessageContaining("there is room for 262144");
            assertThat(director.tables().installed()).isEqualTo(Map.of("web", 1L));
            assertThat(firstHop(director)).isEqualTo(TestPools.address("p1"));
        });
    }

    @Test
    void countsByPoolByBindAndByFirstHop() {
        onDirector(director -> {
            director.install(withBinds(1, "p1", vip(443), vip(80)));
            director.run(FRAME);
            director.run(FRAME);
            assertThat(director.tables().bindTraffic())
                    .isEqualTo(Map.of(vip(443), new Traffic(2, 80), vip(80), new Traffic(0, 0)));
            assertThat(director.tables().hopTraffic().get(TestPools.address("p1")))
                    .isEqualTo(new Traffic(2, 80));
            assertThat(director.tables().poolCounters(DirectorCounter.class).get("web"))
                    .containsEntry(DirectorCounter.FORWARDED, 2L);

            director.tables().remove("web");
            director.install(withBinds(1, "p2", vip(443)));
            assertThat(director.tables().bindTraffic()).containsEntry(vip(443), new Traffic(0, 0));
            assertThat(director.tables().poolCounters(DirectorCounter.class).get("web"))
                    .containsEntry(DirectorCounter.FORWARDED, 0L);
        });
    }

    @Test
    void takesOverBindsAndCountersFromTheKernel() {
        onDirector(director -> {
            Bind range = new Bind(Address.parse("2001:db8::"), 64, Bind.Protocol.UDP, 1, 99);
            director.install(withBinds(1, "p1", vip(443), range));
            director.run(FRAME);
            PoolTables next = new PoolTables(director.maps());
            assertThat(next.bindTraffic())
                    .isEqualTo(Map.of(vip(443), new Traffic(1, 40), range, new Traffic(0, 0)));
            assertThat(next.hopTraffic())
                    .containsEntry(TestPools.address("p1"), new Traffic(1, 40));
            next.install(withBinds(2, "p2", vip(443)));
            assertThat(firstHop(director)).isEqualTo(TestPools.address("p2"));
        });
    }
}
