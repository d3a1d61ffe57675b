package dev.sluice.cluster;

import dev.sluice.cluster.hash.SipHash;
import dev.sluice.cluster.pool.Address;
import dev.sluice.cluster.pool.Bind;
import dev.sluice.cluster.pool.Epoch;
import dev.sluice.cluster.pool.Epoch.Member;
import dev.sluice.cluster.pool.PoolSpec;
import dev.sluice.cluster.pool.PoolSpec.HashField;
import dev.sluice.cluster.pool.PoolSpec.Wire;
import dev.sluice.cluster.pool.PoolState;
import dev.sluice.cluster.pool.Proxy;
import dev.sluice.cluster.pool.Proxy.State;

import tools.jackson.databind.JsonNode;
import tools.jackson.databind.ObjectMapper;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;

/** GLB's own answers, from test resources. */
public final class Golden {
    private static final ObjectMapper JSON = new ObjectMapper();

    private Golden() {}

    public static JsonNode read(String resource) {
        try (InputStream in = Golden.class.getResourceAsStream("/glb/" + resource)) {
            return JSON.readTree(in);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    public static String text(String resource) {
        try (InputStream in = Golden.class.getResourceAsStream("/glb/" + resource)) {
            return new String(Objects.requireNonNull(in).readAllBytes(), StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    public static SipHash.Key key(String hex) {
        return SipHash.Key.of(HexFormat.of().parseHex(hex));
    }

    /** A GLB table as a pool: draining backends are in the older epoch only. */
    public static PoolState pool(String name) {
        JsonNode table = read("tables/" + name + ".config.json").get("tables").get(0);
        List<Proxy> proxies = new ArrayList<>();
        List<Member> all = new ArrayList<>();
        List<Member> active = new ArrayList<>();
        for (JsonNode backend : table.get("backends")) {
            String ip = backend.get("ip").asString();
            boolean draining = backend.get("state").asString().equals("draining");
            proxies.add(
                    new Proxy(ip, Address.parse(ip), draining ? State.DRAINING : State.ACTIVE, 1));
            all.add(new Member(ip, 1));
            if (!draining) {
                active.add(new Member(ip, 1));
            }
        }
        Epoch newest = new Epoch(2, active, 1, 1, 0, 0, false);
        Epoch older = new Epoch(1, all, 1, 1, 0, 0, false);
        PoolSpec spec =
                new PoolSpec(
                        Wire.GLB,
                        key(table.get("hash_key").asString()),
                        key(table.get("seed").asString()),
                        Set.of(HashField.SOURCE_ADDRESS),
                        List.of(Bind.tcp(Address.parse("10.10.10.10"), 80)));
        return new PoolState(name, 1, spec, proxies, List.of(newest, older), Optional.empty(), 3);
    }
}
