package dev.sluice.datapath;

import dev.sluice.cluster.hash.SipHash;
import dev.sluice.cluster.pool.Address;
import dev.sluice.cluster.pool.Bind;
import dev.sluice.cluster.pool.Epoch;
import dev.sluice.cluster.pool.PoolSpec;
import dev.sluice.cluster.pool.PoolSpec.HashField;
import dev.sluice.cluster.pool.PoolState;
import dev.sluice.cluster.pool.Proxy;
import dev.sluice.cluster.table.ChainTable;
import dev.sluice.cluster.table.ForwardingTable;

import tools.jackson.databind.JsonNode;
import tools.jackson.databind.ObjectMapper;
import tools.jackson.databind.json.JsonMapper;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.zip.GZIPInputStream;

/** GLB's conformance vectors, and its tables as pools. */
final class GlbVectors {
    private static final ObjectMapper JSON = JsonMapper.builder().build();
    private static final HexFormat HEX = HexFormat.of();

    private GlbVectors() {}

    static JsonNode read(String file) {
        try (InputStream in = open(file)) {
            return JSON.readTree(in);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    static List<JsonNode> readLines(String file) {
        try (BufferedReader lines =
                new BufferedReader(
                        new InputStreamReader(
                                new GZIPInputStream(open(file)), StandardCharsets.UTF_8))) {
            return lines.lines().map(JSON::readTree).toList();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static InputStream open(String file) {
        InputStream in = GlbVectors.class.getResourceAsStream("glb/" + file);
        if (in == null) {
            throw new IllegalArgumentException(file);
        }
        return in;
    }

    static byte[] hex(JsonNode node) {
        return HEX.parseHex(node.asString());
    }

    /** The tables of a {@code *.config.json}, with more binds. */
    static List<ForwardingTable> tables(String name, Set<HashField> fields, Bind... more) {
        List<ForwardingTable> tables = new ArrayList<>();
        for (JsonNode table : read(name + ".config.json").get("tables")) {
            tables.add(ChainTable.of(pool(name + tables.size(), table, fields, more)));
        }
        return tables;
    }

    private static PoolState pool(
            String name, JsonNode table, Set<HashField> fields, Bind... more) {
        List<Bind> binds = new ArrayList<>(List.of(more));
        for (JsonNode bind : table.get("binds")) {
            Address vip = Address.parse(bind.get("ip").asString());
            binds.add(Bind.tcp(vip, bind.get("port").asInt()));
        }
        PoolSpec spec =
                new PoolSpec(
                        PoolSpec.Wire.GLB,
                        SipHash.Key.of(hex(table.get("hash_key"))),
                        SipHash.Key.of(hex(table.get("seed"))),
                        fields,
                        binds);
        List<Proxy> proxies = new ArrayList<>();
        List<Epoch.Member> all = new ArrayList<>();
        List<Epoch.Member> active = new ArrayList<>();
        for (JsonNode backend : table.get("backends")) {
            String id = backend.get("ip").asString();
            Epoch.Member member = new Epoch.Member(id, 1);
            proxies.add(new Proxy(id, Address.parse(id), Proxy.State.ACTIVE, 1));
            all.add(member);
            if (backend.get("state").asString().equals("active")) {
                active.add(member);
            }
        }
        List<Epoch> live =
                active.equals(all)
                        ? List.of(epoch(1, all))
                        : List.of(epoch(2, active), epoch(1, all));
        return new PoolState(name, 1, spec, proxies, live, Optional.empty(), 3);
    }

    private static Epoch epoch(long id, List<Epoch.Member> members) {
        return new Epoch(id, members, id, id, 0, 0, false);
    }
}
