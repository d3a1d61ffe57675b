package dev.sluice.cluster.record;

import com.google.protobuf.ByteString;

import dev.sluice.cluster.hash.SipHash;
import dev.sluice.cluster.pool.Bind;
import dev.sluice.cluster.pool.PoolSpec;
import dev.sluice.proto.cluster.v1.Balance;
import dev.sluice.proto.cluster.v1.HashField;
import dev.sluice.proto.cluster.v1.Protocol;
import dev.sluice.proto.cluster.v1.WireFormat;

import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;

/** {@link PoolSpec} to and from its message. */
final class PoolSpecs {
    private PoolSpecs() {}

    static dev.sluice.proto.cluster.v1.PoolSpec write(PoolSpec spec) {
        var builder =
                dev.sluice.proto.cluster.v1.PoolSpec.newBuilder()
                        .setWire(
                                switch (spec.wire()) {
                                    case SLUICE -> WireFormat.WIRE_FORMAT_SLUICE;
                                    case GLB -> WireFormat.WIRE_FORMAT_GLB;
                                })
                        .setHashKey(ByteString.copyFrom(spec.hashKey().bytes()))
                        .setSeed(ByteString.copyFrom(spec.seed().bytes()));
        // In the enum's order, so that equal specifications are equal bytes.
        spec.hashFields().stream().sorted().forEach(f -> builder.addHashFields(write(f)));
        builder.setBalance(
                switch (spec.balance()) {
                    case HASHED -> Balance.BALANCE_UNSPECIFIED;
                    case EVEN -> Balance.BALANCE_EVEN;
                });
        spec.formerHashFields().stream()
                .sorted()
                .forEach(f -> builder.addFormerHashFields(write(f)));
        spec.nextHashFields().stream().sorted().forEach(f -> builder.addNextHashFields(write(f)));
        spec.binds().forEach(b -> builder.addBinds(write(b)));
        return builder.build();
    }

    private static HashField write(PoolSpec.HashField field) {
        return switch (field) {
            case SOURCE_ADDRESS -> HashField.HASH_FIELD_SOURCE_ADDRESS;
            case DESTINATION_ADDRESS -> HashField.HASH_FIELD_DESTINATION_ADDRESS;
            case SOURCE_PORT -> HashField.HASH_FIELD_SOURCE_PORT;
            case DESTINATION_PORT -> HashField.HASH_FIELD_DESTINATION_PORT;
        };
    }

    private static dev.sluice.proto.cluster.v1.Bind write(Bind bind) {
        return dev.sluice.proto.cluster.v1.Bind.newBuilder()
                .setAddress(ByteString.copyFrom(bind.address().bytes()))
                .setPrefixBits(bind.prefixBits())
                .setProtocol(
                        switch (bind.protocol()) {
                            case TCP -> Protocol.PROTOCOL_TCP;
                            case UDP -> Protocol.PROTOCOL_UDP;
                        })
                .setFirstPort(bind.firstPort())
                .setLastPort(bind.lastPort())
                .build();
    }

    static PoolSpec read(String field, dev.sluice.proto.cluster.v1.PoolSpec proto) {
        return new PoolSpec(
                wire(field + ".wire", proto.getWire()),
                key(field + ".hash_key", proto.getHashKey()),
                key(field + ".seed", proto.getSeed()),
                hashFields(field + ".hash_fields", proto.getHashFieldsList()),
                binds(field + ".binds", proto.getBindsList()),
                PoolSpec.ROWS,
                balance(field + ".balance", proto.getBalance()),
                otherHashFields(field + ".former_hash_fields", proto.getFormerHashFieldsList()),
                otherHashFields(field + ".next_hash_fields", proto.getNextHashFieldsList()));
    }

    private static PoolSpec.Wire wire(String field, WireFormat wire) {
        return switch (wire) {
            case WIRE_FORMAT_SLUICE -> PoolSpec.Wire.SLUICE;
            case WIRE_FORMAT_GLB -> PoolSpec.Wire.GLB;
            case WIRE_FORMAT_UNSPECIFIED, UNRECOGNIZED ->
                    throw invalid(field, wire.name(), "sluice or glb");
        };
    }

    private static PoolSpec.Balance balance(String field, Balance balance) {
        return switch (balance) {
            case BALANCE_UNSPECIFIED -> PoolSpec.Balance.HASHED;
            case BALANCE_EVEN -> PoolSpec.Balance.EVEN;
            case UNRECOGNIZED -> throw invalid(field, balance.name(), "even");
        };
    }

    private static SipHash.Key key(String field, ByteString bytes) {
        Strict.check(
                bytes.size() == SipHash.Key.LENGTH, field, bytes.size() + " bytes", "16 bytes");
        return SipHash.Key.of(bytes.toByteArray());
    }

    private static Set<PoolSpec.HashField> hashFields(String field, List<HashField> protos) {
        Strict.check(!protos.isEmpty(), field, "none", "at least one");
        Set<PoolSpec.HashField> fields = EnumSet.noneOf(PoolSpec.HashField.class);
        for (HashField proto : protos) {
            PoolSpec.HashField one =
                    switch (proto) {
                        case HASH_FIELD_SOURCE_ADDRESS -> PoolSpec.HashField.SOURCE_ADDRESS;
                        case HASH_FIELD_DESTINATION_ADDRESS ->
                                PoolSpec.HashField.DESTINATION_ADDRESS;
                        case HASH_FIELD_SOURCE_PORT -> PoolSpec.HashField.SOURCE_PORT;
                        case HASH_FIELD_DESTINATION_PORT -> PoolSpec.HashField.DESTINATION_PORT;
                        case HASH_FIELD_UNSPECIFIED, UNRECOGNIZED ->
                                throw invalid(
                                        field,
                                        proto.name(),
                                        "source or destination address or port");
                    };
            Strict.check(fields.add(one), field, one + " for the second time", "each one once");
        }
        return fields;
    }

    private static Set<PoolSpec.HashField> otherHashFields(String field, List<HashField> protos) {
        return protos.isEmpty() ? Set.of() : hashFields(field, protos);
    }

    private static List<Bind> binds(String field, List<dev.sluice.proto.cluster.v1.Bind> protos) {
        Strict.check(!protos.isEmpty(), field, "none", "at least one");
        List<Bind> binds = new ArrayList<>();
        for (int i = 0; i < protos.size(); i++) {
            binds.add(bind(field + "[" + i + "]", protos.get(i)));
        }
        return binds;
    }

    private static Bind bind(String field, dev.sluice.proto.cluster.v1.Bind proto) {
        var address = Strict.address(field + ".address", proto.getAddress());
        int first = Strict.between(field + ".first_port", proto.getFirstPort(), 1, 0xffff);
        return new Bind(
                address,
                Strict.between(field + ".prefix_bits", proto.getPrefixBits(), 0, address.bits()),
                switch (proto.getProtocol()) {
                    case PROTOCOL_TCP -> Bind.Protocol.TCP;
                    case PROTOCOL_UDP -> Bind.Protocol.UDP;
                    case PROTOCOL_UNSPECIFIED, UNRECOGNIZED ->
                            throw invalid(
                                    field + ".protocol", proto.getProtocol().name(), "tcp or udp");
                },
                first,
                Strict.between(field + ".last_port", proto.getLastPort(), first, 0xffff));
    }

    private static Strict.Invalid invalid(String field, String what, String allowed) {
        return new Strict.Invalid(new RecordProblem(field, what, allowed));
    }
}
