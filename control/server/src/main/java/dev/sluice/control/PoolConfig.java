package dev.sluice.control;

import dev.sluice.cluster.config.Scalar;
import dev.sluice.cluster.config.Scalars;
import dev.sluice.cluster.config.Section;
import dev.sluice.cluster.hash.SipHash;
import dev.sluice.cluster.pool.Address;
import dev.sluice.cluster.pool.Bind;
import dev.sluice.cluster.pool.PoolSpec.Balance;
import dev.sluice.cluster.pool.PoolSpec.HashField;
import dev.sluice.cluster.pool.PoolSpec.Wire;
import dev.sluice.cluster.pool.Proxy;

import java.util.EnumSet;
import java.util.HashSet;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * A pool that is founded if it does not exist yet. An existing pool is never changed by a file.
 *
 * @param hashKey generated if it is not given
 * @param seed generated if it is not given
 */
record PoolConfig(
        String name,
        Wire wire,
        Set<HashField> hashFields,
        List<Bind> binds,
        List<Proxy> proxies,
        Optional<SipHash.Key> hashKey,
        Optional<SipHash.Key> seed,
        Balance balance) {
    private static final int MAX_PROXIES = 256;

    PoolConfig {
        hashFields = Set.copyOf(hashFields);
        binds = List.copyOf(binds);
        proxies = List.copyOf(proxies);
    }

    static PoolConfig read(Section section) {
        Wire wire = section.optional("wire", Scalars.oneOf(Wire.class), Wire.SLUICE);
        return new PoolConfig(
                section.required("name", Scalars.name()),
                wire,
                hashFields(section, wire),
                section.list("binds", BindSyntax.scalar()),
                proxies(section),
                section.maybe("hashKey", key()),
                section.maybe("seed", key()),
                balance(section, wire));
    }

    private static Balance balance(Section section, Wire wire) {
        Balance balance = section.optional("balance", Scalars.oneOf(Balance.class), Balance.HASHED);
        if (balance == Balance.EVEN && wire == Wire.GLB) {
            section.problem("balance", "does not go with wire: glb", "hashed", "use wire: sluice");
        }
        return balance;
    }

    private static Set<HashField> hashFields(Section section, Wire wire) {
        List<HashField> fields = section.optionalList("hashFields", Scalars.oneOf(HashField.class));
        if (!fields.isEmpty()) {
            return EnumSet.copyOf(fields);
        }
        return wire == Wire.GLB
                ? EnumSet.of(HashField.SOURCE_ADDRESS)
                : EnumSet.allOf(HashField.class);
    }

    private static List<Proxy> proxies(Section section) {
        Set<String> ids = new HashSet<>();
        Set<Address> addresses = new HashSet<>();
        List<Proxy> proxies = section.sections("proxies", inner -> proxy(inner, ids, addresses));
        if (proxies.size() > MAX_PROXIES) {
            section.problem("proxies", "has too many elements", "1 to " + MAX_PROXIES, "");
        }
        if (proxies.stream().noneMatch(p -> p.state() == Proxy.State.ACTIVE)) {
            section.problem("proxies", "has none that is active", "at least one", "");
        }
        return proxies;
    }

    private static Proxy proxy(Section section, Set<String> ids, Set<Address> addresses) {
        Proxy proxy =
                new Proxy(
                        section.required("id", Scalars.name()),
                        section.required("address", Scalars.address()),
                        section.optional("state", state(), Proxy.State.ACTIVE),
                        section.optional("weight", Scalars.integer(1, Proxy.MAX_WEIGHT), 1));
        if (!ids.add(proxy.id())) {
            section.problem("id", "is there twice", "", "give each proxy its own id");
        }
        if (!addresses.add(proxy.address())) {
            section.problem("address", "is there twice", "", "give each proxy its own address");
        }
        return proxy;
    }

    /** Those in which a proxy can be when its pool is founded. */
    private static Scalar<Proxy.State> state() {
        return Scalars.oneOf(
                Map.of(
                        "active", Proxy.State.ACTIVE,
                        "draining", Proxy.State.DRAINING,
                        "drained", Proxy.State.DRAINED),
                List.of("active", "draining", "drained"));
    }

    private static Scalar<SipHash.Key> key() {
        return Scalars.secret(
                Scalars.parsed(
                        new SipHash.Key(0, 0),
                        text -> SipHash.Key.of(HexFormat.of().parseHex(text)),
                        "16 bytes as 32 hexadecimal digits"));
    }
}
