package dev.sluice.director.bench;

import dev.sluice.cluster.pool.PoolSpec.Wire;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.function.UnaryOperator;

/**
 * One cell of the matrix: what the director has installed and what packets it meets.
 *
 * @param payload bytes of the frame: 64 or 1514; IPv6 grows the smaller one to what TCP needs
 * @param flows clients and ports, drawn at random
 * @param pools each with VIPs of its own, all of which get traffic
 * @param proxies in every pool
 * @param hops of every row 2; or 3 of those of one proxy, which drains; or of every row 4, as when
 *     all proxies are replaced at once
 * @param binds of all pools together
 */
public record BenchCase(
        Wire wire,
        Family family,
        Segment segment,
        int payload,
        int flows,
        int pools,
        int proxies,
        int hops,
        int binds) {

    static final int SMALL = 64;
    static final int LARGE = 1514;
    private static final int MANY_FLOWS = 100_000;

    /** The case that the others vary: what an edge sees, in the default format. */
    static final BenchCase BASE =
            new BenchCase(Wire.SLUICE, Family.IPV4, Segment.DATA, SMALL, MANY_FLOWS, 1, 16, 2, 1);

    /** Of the client's packets. */
    public enum Family {
        IPV4,
        IPV6
    }

    /** What TCP segment. */
    public enum Segment {
        SYN,
        DATA
    }

    /** The base, and every dimension on its own: what "flat" means. */
    public static List<BenchCase> shortList() {
        List<BenchCase> cases = new ArrayList<>(List.of(BASE));
        cases.add(BASE.withWire(Wire.GLB));
        cases.add(BASE.withFamily(Family.IPV6));
        cases.add(BASE.withFlows(1));
        cases.add(BASE.withSegment(Segment.SYN));
        cases.add(BASE.withPayload(LARGE));
        cases.add(BASE.withPools(16));
        cases.add(BASE.withProxies(256));
        cases.add(BASE.withHops(3));
        cases.add(BASE.withHops(4));
        cases.add(BASE.withBinds(4096));
        return List.copyOf(cases);
    }

    /** All combinations, and many binds. */
    public static List<BenchCase> matrix() {
        List<BenchCase> cases = List.of(BASE);
        cases = vary(cases, c -> c.withFamily(Family.IPV6));
        cases = vary(cases, c -> c.withSegment(Segment.SYN));
        cases = vary(cases, c -> c.withPayload(LARGE));
        cases = vary(cases, c -> c.withFlows(1));
        cases = vary(cases, c -> c.withPools(16));
        cases = vary(cases, c -> c.withProxies(256));
        cases = vary(cases, c -> c.withHops(4));
        List<BenchCase> all = new ArrayList<>(cases);
        all.add(BASE.withHops(3));
        all.add(BASE.withWire(Wire.GLB));
        all.add(BASE.withBinds(4096));
        return List.copyOf(all);
    }

    private static List<BenchCase> vary(List<BenchCase> cases, UnaryOperator<BenchCase> other) {
        List<BenchCase> varied = new ArrayList<>(cases);
        cases.forEach(c -> varied.add(other.apply(c)));
        return varied;
    }

    BenchCase withWire(Wire other) {
        return new BenchCase(other, family, segment, payload, flows, pools, proxies, hops, binds);
    }

    BenchCase withFamily(Family other) {
        return new BenchCase(wire, other, segment, payload, flows, pools, proxies, hops, binds);
    }

    BenchCase withSegment(Segment other) {
        return new BenchCase(wire, family, other, payload, flows, pools, proxies, hops, binds);
    }

    BenchCase withPayload(int bytes) {
        return new BenchCase(wire, family, segment, bytes, flows, pools, proxies, hops, binds);
    }

    BenchCase withFlows(int count) {
        return new BenchCase(wire, family, segment, payload, count, pools, proxies, hops, binds);
    }

    BenchCase withPools(int count) {
        return new BenchCase(
                wire,
                family,
                segment,
                payload,
                flows,
                count,
                proxies,
                hops,
                Math.max(binds, count));
    }

    BenchCase withProxies(int count) {
        return new BenchCase(wire, family, segment, payload, flows, pools, count, hops, binds);
    }

    BenchCase withHops(int count) {
        return new BenchCase(wire, family, segment, payload, flows, pools, proxies, count, binds);
    }

    BenchCase withBinds(int count) {
        return new BenchCase(wire, family, segment, payload, flows, pools, proxies, hops, count);
    }

    /** What the director adds to most packets: the peer adds as much. */
    int overhead() {
        int usual = hops == 4 ? 4 : 2;
        int fixed =
                switch (wire) {
                    case GLB -> 36;
                    case SLUICE -> 48;
                };
        return fixed + (usual - 1) * 4;
    }

    /** In a table's order of columns. */
    List<String> columns() {
        return List.of(
                word(wire),
                word(family),
                word(segment),
                Integer.toString(BenchFrames.length(this)),
                Integer.toString(flows),
                Integer.toString(pools),
                Integer.toString(proxies),
                Integer.toString(hops),
                Integer.toString(binds));
    }

    static List<String> columnNames() {
        return List.of(
                "wire", "family", "segment", "frame", "flows", "pools", "proxies", "hops", "binds");
    }

    private static String word(Enum<?> value) {
        return value.name().toLowerCase(Locale.ROOT);
    }
}
