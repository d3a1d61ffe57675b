package dev.sluice.cluster.record;

import com.google.protobuf.ByteString;

import dev.sluice.cluster.pool.PoolState;
import dev.sluice.proto.cluster.v1.PoolSnapshot;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Snapshots hold what the nodes hold; a configuration's source is always whole. */
final class Snapshots {
    private Snapshots() {}

    static dev.sluice.proto.cluster.v1.Snapshot write(Snapshot snapshot) {
        var builder = dev.sluice.proto.cluster.v1.Snapshot.newBuilder();
        for (PoolState pool : snapshot.pools()) {
            builder.addPools(
                    PoolSnapshot.newBuilder().setPoolState(bytes(Codecs.POOL_STATE, pool)));
        }
        snapshot.activeRevision()
                .ifPresent(r -> builder.setActiveRevision(bytes(Configs.REVISION_BY_ITSELF, r)));
        return builder.build();
    }

    static Snapshot read(String name, dev.sluice.proto.cluster.v1.Snapshot proto) {
        List<PoolState> pools = new ArrayList<>();
        Strict.Once<String> names = new Strict.Once<>();
        for (int i = 0; i < proto.getPoolsCount(); i++) {
            PoolState pool =
                    parse(
                            PoolStates.CODEC_BY_ITSELF,
                            "pools[" + i + "]",
                            proto.getPools(i).getPoolState());
            names.check("pools[" + i + "]", pool.name());
            pools.add(pool);
        }
        return new Snapshot(pools, revision(proto.getActiveRevision()));
    }

    private static Optional<ConfigRevision> revision(ByteString bytes) {
        return bytes.isEmpty()
                ? Optional.empty()
                : Optional.of(parse(Configs.REVISION_BY_ITSELF, "active_revision", bytes));
    }

    private static <T> ByteString bytes(Codec<T> codec, T value) {
        return ByteString.copyFrom(codec.encode(value));
    }

    private static <T> T parse(Codec<T> codec, String field, ByteString bytes) {
        return switch (codec.decode("", bytes.toByteArray())) {
            case Decoded.Good<T>(T value) -> value;
            case Decoded.Bad<T>(RecordProblem inner) ->
                    throw new Strict.Invalid(
                            new RecordProblem(
                                    field + "." + inner.field(), inner.what(), inner.allowed()));
        };
    }
}
