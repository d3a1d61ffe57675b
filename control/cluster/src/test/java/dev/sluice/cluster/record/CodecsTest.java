package dev.sluice.cluster.record;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.ByteString;

import dev.sluice.cluster.hash.SipHash;
import dev.sluice.cluster.pool.Address;
import dev.sluice.cluster.pool.Bind;
import dev.sluice.cluster.pool.Epoch;
import dev.sluice.cluster.pool.PoolSpec;
import dev.sluice.cluster.pool.PoolState;
import dev.sluice.cluster.pool.Proxy;
import dev.sluice.cluster.table.RowSet;
import dev.sluice.cluster.transition.Change;
import dev.sluice.cluster.transition.ChangeQueue;
import dev.sluice.proto.cluster.v1.HashField;
import dev.sluice.proto.cluster.v1.Member;
import dev.sluice.proto.cluster.v1.ProxyState;
import dev.sluice.proto.cluster.v1.WireFormat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

import java.nio.charset.StandardCharsets;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.Consumer;
import java.util.stream.IntStream;
import java.util.stream.Stream;

class CodecsTest {
    private static final PoolState POOL =
            new PoolState(
                    "web",
                    7,
                    new PoolSpec(
                                    PoolSpec.Wire.SLUICE,
                                    new SipHash.Key(1, 2),
                                    new SipHash.Key(3, 4),
                                    EnumSet.allOf(PoolSpec.HashField.class),
                                    List.of(
                                            Bind.tcp(Address.parse("203.0.113.10"), 80),
                                            new Bind(
                                                    Address.parse("2001:db8::"),
                                                    64,
                                                    Bind.Protocol.UDP,
                                                    1000,
                                                    2000)))
                            .withBalance(PoolSpec.Balance.EVEN),
                    List.of(
                            new Proxy("p1", Address.parse("198.18.0.1"), Proxy.State.ACTIVE, 1),
                            new Proxy(
                                    "p2",
                                    Address.parse("2001:db8::2"),
                                    Proxy.State.DRAINING,
                                    9,
                                    Proxy.Mark.CONFIRMED_OFF),
                            new Proxy(
                                    "p3",
                                    Address.parse("198.18.0.3"),
                                    Proxy.State.JOINING,
                                    2,
                                    Proxy.Mark.FAILED_OVER)),
                    List.of(
                            new Epoch(
                                    2, List.of(new Epoch.Member("p1", 1)), 5, 4, 100, 200, true, 6),
                            new Epoch(
                                    1,
                                    List.of(new Epoch.Member("p1", 1), new Epoch.Member("p2", 9)),
                                    1,
                                    0,
                                    50,
                                    0,
                                    false)),
                    Optional.of(
                            new Epoch(3, List.of(new Epoch.Member("p2", 9)), 0, 7, 300, 0, false)),
                    4);

    private static final Source.Parts PARTS = Source.Parts.of("a-b-c", new byte[600_000]);

    private static final ConfigRevision REVISION =
            new ConfigRevision(3, "listeners: []\n# ü", "a.yaml", "ann", 5);

    static Stream<Arguments> records() {
        return Stream.concat(configurations(), others());
    }

    private static Stream<Arguments> configurations() {
        return Stream.of(
                Arguments.of("3", Codecs.CONFIG_REVISION, StoredRevision.of(REVISION)),
                Arguments.of(
                        "4",
                        Codecs.CONFIG_REVISION,
                        new StoredRevision(4, PARTS, "a.yaml", "ann", 6)),
                Arguments.of("trial", Codecs.CONFIG_TRIAL, new ConfigTrial("c", PARTS, "l7.yaml")),
                Arguments.of(
                        "trial",
                        Codecs.CONFIG_TRIAL,
                        new ConfigTrial("control-1", new Source.Whole("listeners: []"), "l7.yaml")),
                Arguments.of(
                        "result",
                        Codecs.TRIAL_RESULT,
                        new TrialResult(List.of("l7.yaml:1:1: listeners: cannot listen"))),
                Arguments.of("result", Codecs.TRIAL_RESULT, TrialResult.UNCONCERNED),
                Arguments.of("result", Codecs.TRIAL_RESULT, TrialResult.good(List.of("not found"))),
                Arguments.of(
                        "rollout", Codecs.CONFIG_ROLLOUT, new ConfigRollout(5, List.of(3L, 4L))));
    }

    private static Stream<Arguments> others() {
        return Stream.of(
                Arguments.of("web", Codecs.POOL_STATE, POOL),
                Arguments.of("queue", Codecs.CHANGE_QUEUE, everyChange()),
                Arguments.of("queue", Codecs.CHANGE_QUEUE, ChangeQueue.EMPTY),
                Arguments.of(
                        "d1",
                        Codecs.DIRECTOR,
                        new DirectorRecord(
                                "d1", Address.parse("198.18.0.3"), Map.of("web", 7L), true)),
                Arguments.of(
                        "d1",
                        Codecs.DIRECTOR,
                        new DirectorRecord(
                                "d1",
                                Address.parse("198.18.0.3"),
                                Optional.of(Address.parse("2001:db8::3")),
                                Map.of(),
                                false)),
                Arguments.of(
                        "d1",
                        Codecs.DIRECTOR_MEMBER,
                        new DirectorMember(
                                "d1",
                                "0.1",
                                "xdp",
                                true,
                                List.of(
                                        new DirectorMember.HopVote("p1", true, ""),
                                        new DirectorMember.HopVote("p2", false, "refused")),
                                List.of("old kernel"))),
                Arguments.of(
                        "p1",
                        Codecs.PROXY_MEMBER,
                        new ProxyMember(
                                "p1",
                                Address.parse("198.18.0.1"),
                                "i-1",
                                "0.1",
                                3,
                                Map.of("web", 6L),
                                10,
                                2,
                                List.of())),
                Arguments.of(
                        "p1",
                        Codecs.OWNED_ROWS,
                        new OwnedRows(
                                "p1", "i-1", 7, true, RowSet.of(IntStream.of(0, 65_535)), 3, 9)),
                Arguments.of(
                        "p1",
                        Codecs.OWNED_ROWS,
                        new OwnedRows("p1", "i-1", 7, false, RowSet.NONE, 0, 9)),
                Arguments.of(
                        "0000000001",
                        Codecs.EVENT,
                        new AuditEvent(5, "ann", "drain", "web/p1", "prepared", 7)),
                Arguments.of(
                        "any",
                        Codecs.SNAPSHOT,
                        new Snapshot(List.of(POOL), Optional.of(REVISION))));
    }

    private static ChangeQueue everyChange() {
        List<Change> changes =
                List.of(
                        new Change.Drain(List.of("p1", "p2"), 99),
                        new Change.Fill(List.of("p1")),
                        new Change.Weigh(new TreeMap<>(Map.of("p1", 7, "p2", 65_535)), 5),
                        new Change.Replace("p1", "p2", 3),
                        new Change.Failover(List.of("p1"), "2 of 3"),
                        new Change.Add("p9", Address.parse("198.18.0.9"), 4),
                        new Change.Remove("p1"),
                        new Change.Settle(12),
                        new Change.ConfirmOff("p1"),
                        new Change.Abort());
        ChangeQueue queue = ChangeQueue.EMPTY;
        for (Change change : changes) {
            queue = queue.append(change, "ann", 5);
        }
        return queue.without(2);
    }

    @ParameterizedTest
    @MethodSource("records")
    <T> void comeBackAsTheyWere(String name, Codec<T> codec, T value) {
        assertThat(codec.decode(name, codec.encode(value))).isEqualTo(new Decoded.Good<>(value));
    }

    @Test
    void equalPoolStatesAreEqualBytes() {
        Decoded<PoolState> copy = Codecs.POOL_STATE.decode("web", Codecs.POOL_STATE.encode(POOL));
        assertThat(copy).isInstanceOf(Decoded.Good.class);
        PoolState value = ((Decoded.Good<PoolState>) copy).value();
        assertThat(Codecs.POOL_STATE.encode(value)).isEqualTo(Codecs.POOL_STATE.encode(POOL));
    }

    @ParameterizedTest
    @MethodSource("records")
    <T> void randomBytesAreAProblemOrARecordButNeverAnException(
            String name, Codec<T> codec, T value) {
        byte[] bytes = codec.encode(value);
        for (int at = 0; at < bytes.length; at++) {
            byte[] broken = bytes.clone();
            broken[at] ^= (byte) 0x5a;
            assertThat(codec.decode(name, broken)).isNotNull();
            byte[] cut = java.util.Arrays.copyOf(bytes, at);
            assertThat(codec.decode(name, cut)).isNotNull();
        }
    }

    static Stream<Arguments> badPools() {
        return Stream.of(
                bad("generation", p -> p.setGeneration(0), "0; allowed: at least 1"),
                bad("generation", p -> p.setGeneration(-1), "-1; allowed: at least 1"),
                bad("name", p -> p.setName("other"), "'other'; allowed: 'web'"),
                bad("spec", p -> p.clearSpec(), "missing"),
                bad(
                        "spec.wire",
                        p -> p.getSpecBuilder().setWire(WireFormat.WIRE_FORMAT_UNSPECIFIED),
                        "allowed: sluice or glb"),
                bad(
                        "spec.wire",
                        p -> p.getSpecBuilder().setWireValue(77),
                        "UNRECOGNIZED; allowed: sluice or glb"),
                bad(
                        "spec.hash_key",
                        p -> p.getSpecBuilder().setHashKey(ByteString.copyFromUtf8("short")),
                        "5 bytes; allowed: 16 bytes"),
                bad(
                        "spec.hash_fields",
                        p -> p.getSpecBuilder().addHashFields(HashField.HASH_FIELD_SOURCE_ADDRESS),
                        "for the second time"),
                bad("spec.binds", p -> p.getSpecBuilder().clearBinds(), "at least one"),
                bad(
                        "spec.binds[0].first_port",
                        p -> p.getSpecBuilder().getBindsBuilder(0).setFirstPort(70_000),
                        "70000; allowed: 1 to 65535"),
                bad(
                        "spec.binds[1].last_port",
                        p -> p.getSpecBuilder().getBindsBuilder(1).setLastPort(999),
                        "999; allowed: 1000 to 65535"),
                bad(
                        "spec.binds[0].prefix_bits",
                        p -> p.getSpecBuilder().getBindsBuilder(0).setPrefixBits(33),
                        "33; allowed: 0 to 32"),
                bad(
                        "proxies[1].id",
                        p -> p.getProxiesBuilder(1).setId("p1"),
                        "p1 for the second time"),
                bad(
                        "proxies[0].state",
                        p -> p.getProxiesBuilder(0).setState(ProxyState.PROXY_STATE_UNSPECIFIED),
                        "allowed: joining, filling"),
                bad(
                        "proxies[0].address",
                        p -> p.getProxiesBuilder(0).setAddress(ByteString.EMPTY),
                        "0 bytes; allowed: 4 or 16 bytes"),
                bad("live", p -> p.clearLive(), "no epoch"),
                bad(
                        "live[0].members[0].weight",
                        p -> p.getLiveBuilder(0).getMembersBuilder(0).setWeight(0),
                        "0; allowed: 1 to 65535"),
                bad(
                        "live[1].members[2].proxy",
                        p -> p.getLiveBuilder(1).addMembers(Member.newBuilder().setProxy("p9")),
                        "'p9'; allowed: a proxy of this pool"),
                bad(
                        "commit_generation of epoch 1",
                        p -> p.getLiveBuilder(1).setCommitGeneration(6),
                        "6; allowed: 1 to 4"),
                bad(
                        "pending.commit_generation",
                        p -> p.getPendingBuilder().setCommitGeneration(7),
                        "7; allowed: 0"),
                bad("epoch 3", p -> p.setNextEpochId(3), "ids below 3"),
                bad("epoch id", p -> p.getPendingBuilder().setId(2), "2 for the second time"));
    }

    private static Arguments bad(
            String field,
            Consumer<dev.sluice.proto.cluster.v1.PoolState.Builder> change,
            String says) {
        return Arguments.of(field, change, says);
    }

    @ParameterizedTest
    @MethodSource("badPools")
    void namesTheFieldTheValueAndWhatIsAllowed(
            String field,
            Consumer<dev.sluice.proto.cluster.v1.PoolState.Builder> change,
            String says)
            throws Exception {
        var builder =
                dev.sluice.proto.cluster.v1.PoolState.parseFrom(Codecs.POOL_STATE.encode(POOL))
                        .toBuilder();
        change.accept(builder);
        Decoded<PoolState> decoded = Codecs.POOL_STATE.decode("web", builder.build().toByteArray());
        assertThat(decoded).isInstanceOf(Decoded.Bad.class);
        RecordProblem problem = ((Decoded.Bad<PoolState>) decoded).problem();
        assertThat(problem.field()).isEqualTo(field);
        assertThat(problem.toString()).contains(says);
    }

    @Test
    void textIsNoPoolState() {
        byte[] text = "not a protobuf at all".getBytes(StandardCharsets.UTF_8);
        assertThat(Codecs.POOL_STATE.decode("web", text)).isInstanceOf(Decoded.Bad.class);
    }

    @Test
    void inflatesNoMoreThanARowSet() {
        java.util.zip.Deflater deflater = new java.util.zip.Deflater();
        deflater.setInput(new byte[10_000]);
        deflater.finish();
        byte[] out = new byte[1000];
        int length = deflater.deflate(out);
        deflater.end();
        byte[] bomb =
                dev.sluice.proto.cluster.v1.OwnedRows.newBuilder()
                        .setProxy("p1")
                        .setIncarnation("i")
                        .setRowsDeflated(ByteString.copyFrom(out, 0, length))
                        .build()
                        .toByteArray();
        assertThat(Codecs.OWNED_ROWS.decode("p1", bomb).toString())
                .contains("rows_deflated")
                .contains("at most 8192 bytes");
    }
}
