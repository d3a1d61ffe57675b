package dev.sluice.datapath;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.cluster.hash.SipHash;
import dev.sluice.cluster.packet.DirectorCounter;
import dev.sluice.cluster.packet.DirectorModel;
import dev.sluice.cluster.packet.FrameVerdict;
import dev.sluice.cluster.packet.FrameVerdict.Action;
import dev.sluice.cluster.pool.Address;
import dev.sluice.cluster.pool.Bind;
import dev.sluice.cluster.pool.Bind.Protocol;
import dev.sluice.cluster.pool.PoolSpec;
import dev.sluice.cluster.pool.PoolSpec.HashField;
import dev.sluice.cluster.pool.PoolSpec.Wire;
import dev.sluice.cluster.table.FlowKey;
import dev.sluice.cluster.table.ForwardingTable;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

import java.util.EnumSet;
import java.util.HashSet;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/**
 * The straight way of the common packet in a settled pool, the general way, on which everything
 * goes while a flow is watched, and the model: all three say the same about random flows of every
 * kind, whole and broken.
 */
class PlainPacketTest {
    private static final long SEED = Long.getLong("sluice.seed", 20_261_123);
    private static final int FLOWS = 20;
    private static final int MUTANTS = 4;
    private static final Address VIP6 = Address.parse("2001:db8:f::10");
    private static final FlowKey SOMEBODY_ELSE =
            new FlowKey(Protocol.TCP, Address.parse("198.19.9.9"), 9, TestPools.VIP, 9);

    /** More VIPs than the one that packets are for, so that searches meet each other. */
    private static final List<Bind> BINDS =
            Stream.concat(
                            IntStream.range(0, 60).mapToObj(i -> Bind.tcp(TestPools.VIP, 400 + i)),
                            Stream.of(
                                    new Bind(TestPools.VIP, 32, Protocol.UDP, 443, 443),
                                    Bind.tcp(VIP6, 443),
                                    Bind.tcp(VIP6, 444),
                                    new Bind(VIP6, 128, Protocol.UDP, 443, 443)))
                    .toList();

    private final Random random = new Random(SEED);
    private final Mutation mutation = new Mutation(SEED);

    @ParameterizedTest
    @EnumSource(Wire.class)
    void bothWaysDoWhatTheModelDoes(Wire wire) {
        assertThat(firstHopsOf(table(wire, "p1 p2 p3 p4 p5 p6"))).hasSize(6);
    }

    @ParameterizedTest
    @EnumSource(Wire.class)
    void alsoWhileATransitionIsOpen(Wire wire) {
        assertThat(firstHopsOf(table(wire, "p1 p2 p3", "p3 p4 p5"))).hasSize(3);
    }

    /** Most rows are narrow, of either width, and the others are not; then none is narrow. */
    @ParameterizedTest
    @CsvSource({"SLUICE, 16", "GLB, 16", "SLUICE, 17", "GLB, 256", "SLUICE, 256", "SLUICE, 257"})
    void alsoWhileAQuarterOfManyProxiesDrains(Wire wire, int proxies) {
        ForwardingTable table =
                table(wire, TestPools.first(proxies * 3 / 4), TestPools.first(proxies));
        assertThat(firstHopsOf(table)).hasSizeGreaterThan(8);
    }

    @Test
    void alsoWithOneProxy() {
        assertThat(firstHopsOf(table(Wire.SLUICE, "p4"))).hasSize(1);
    }

    /** The first pool's table is found by a branch of its own. */
    @Test
    void alsoWithSeveralPoolsAndWhenTheFirstGoesAndAnotherTakesItsPlace() {
        ForwardingTable first = pool("first", 1, BINDS.subList(0, 30), "p1");
        ForwardingTable second = pool("second", 2, BINDS.subList(30, 50), "p2 p3");
        ForwardingTable third = pool("third", 3, BINDS.subList(50, BINDS.size()), "p4 p5", "p6");
        ForwardingTable other = pool("other", 4, BINDS.subList(0, 30), "p5 p6");
        Capability.BPF.require();
        try (LoadedDirector plain = load(first, second, third);
                LoadedDirector general = watching(load(first, second, third))) {
            assertThat(firstHops(plain, general, first, second, third)).hasSize(5);

            assertThat(plain.tables().remove("first")).isZero();
            general.tables().remove("first");
            assertThat(firstHops(plain, general, second, third)).hasSize(4);

            plain.install(other);
            general.install(other);
            assertThat(plain.tables().slot("other")).contains(0);
            assertThat(firstHops(plain, general, other, second, third)).hasSize(5);
        }
    }

    /** Of frames on which all agree. */
    private Set<Address> firstHopsOf(ForwardingTable table) {
        Capability.BPF.require();
        try (LoadedDirector plain = load(table);
                LoadedDirector general = watching(load(table))) {
            return firstHops(plain, general, table);
        }
    }

    private Set<Address> firstHops(
            LoadedDirector plain, LoadedDirector general, ForwardingTable... tables) {
        Set<Address> firstHops = new HashSet<>();
        DirectorModel model =
                new DirectorModel(DirectorCase.DIRECTOR, Optional.empty(), List.of(tables));
        long binds = Stream.of(tables).mapToLong(t -> t.spec().binds().size()).sum();
        frames().forEach(frame -> {
            FrameVerdict<DirectorCounter> whole = agreed(frame, model, plain, general);
            if (whole.action() == Action.TX) {
                firstHops.add(firstHop(whole.frame()));
            } else {
                assertThat(binds).isLessThan(BINDS.size());
            }
            for (int i = 0; i < MUTANTS; i++) {
                agreed(mutation.of(frame), model, plain, general);
            }
        });
        assertThat(plain.tables().bindTraffic()).isEqualTo(general.tables().bindTraffic());
        assertThat(plain.tables().hopTraffic()).isEqualTo(general.tables().hopTraffic());
        return firstHops;
    }

    private static LoadedDirector watching(LoadedDirector director) {
        director.watched().watch(SOMEBODY_ELSE);
        return director;
    }

    private static FrameVerdict<DirectorCounter> agreed(
            byte[] frame, DirectorModel model, LoadedDirector plain, LoadedDirector general) {
        FrameVerdict<DirectorCounter> expected = model.process(frame);
        String hex = HexFormat.of().formatHex(frame);
        assertThat(plain.run(frame)).as("seed %d, %s", SEED, hex).isEqualTo(expected);
        assertThat(general.run(frame)).as("general, seed %d, %s", SEED, hex).isEqualTo(expected);
        return expected;
    }

    private static ForwardingTable table(Wire wire, String... views) {
        PoolSpec spec = DirectorVariants.spec(wire, EnumSet.allOf(HashField.class), BINDS);
        return TestPools.table("web", spec, 0x0102030405060708L, views);
    }

    private static ForwardingTable pool(String name, int key, List<Bind> binds, String... views) {
        PoolSpec spec =
                new PoolSpec(
                        Wire.SLUICE,
                        new SipHash.Key(key, 7),
                        new SipHash.Key(key, 9),
                        EnumSet.allOf(HashField.class),
                        binds);
        return TestPools.table(name, spec, 1, views);
    }

    private static LoadedDirector load(ForwardingTable... tables) {
        LoadedDirector director = new LoadedDirector(DirectorCase.DIRECTOR, Transmit.toSender());
        Stream.of(tables).forEach(director::install);
        return director;
    }

    private Stream<byte[]> frames() {
        return IntStream.range(0, FLOWS)
                .boxed()
                .flatMap(i -> Stream.of(tcp4(), udp4(), tcp6(), udp6()));
    }

    private int port() {
        return random.nextInt(1, 65_536);
    }

    private Address client(String network) {
        byte[] bytes = Address.parse(network).bytes();
        bytes[bytes.length - 1] = (byte) random.nextInt();
        bytes[bytes.length - 2] = (byte) random.nextInt();
        return Address.of(bytes);
    }

    private byte[] tcp4() {
        byte[] segment = TestFrames.tcp(port(), 400 + random.nextInt(60), TestFrames.ACK, 1, 2);
        return DirectorVariants.frame4(
                TestFrames.ipv4(6, client("198.19.0.0"), TestPools.VIP, segment));
    }

    private byte[] udp4() {
        byte[] datagram = TestFrames.udp(port(), 443, new byte[random.nextInt(40)]);
        return DirectorVariants.frame4(
                TestFrames.ipv4(17, client("198.19.0.0"), TestPools.VIP, datagram));
    }

    private byte[] tcp6() {
        byte[] segment = TestFrames.tcp(port(), 443 + random.nextInt(2), TestFrames.ACK, 1, 2);
        return DirectorVariants.frame6(
                DirectorVariants.ipv6(6, client("2001:db8:c::"), VIP6, segment));
    }

    private byte[] udp6() {
        byte[] datagram = TestFrames.udp(port(), 443, new byte[random.nextInt(40)]);
        return DirectorVariants.frame6(
                DirectorVariants.ipv6(17, client("2001:db8:c::"), VIP6, datagram));
    }

    private static Address firstHop(byte[] frame) {
        byte[] address = new byte[4];
        System.arraycopy(frame, 14 + 16, address, 0, address.length);
        return Address.of(address);
    }
}
