package dev.sluice.datapath;

import dev.sluice.cluster.pool.Address;
import dev.sluice.cluster.pool.Bind;
import dev.sluice.cluster.pool.Bind.Protocol;
import dev.sluice.datapath.BindTable.Entry;

import java.nio.ByteBuffer;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.stream.Stream;

/**
 * Binds cut into regions of addresses and, within each, spans of ports, so that every address and
 * port lies in exactly one: the most specific bind there. Blocks nest or are apart, so a region is
 * what its smallest block and the blocks around that say.
 */
final class Regions {
    static final int NO_POOL = 0xffff;
    static final int SEVERAL_POOLS = 0xfffe;
    private static final int ICMP = 1;
    private static final int UNKNOWN_PORT = 0x1000000;

    private Regions() {}

    /**
     * Addresses from here to the next region, as IPv6 has them.
     *
     * @param list the same for regions with the same spans
     */
    record Region(long high, long low, int list, List<Span> spans) {}

    /**
     * Ports from here to the next span.
     *
     * @param first protocol and port; with {@link #UNKNOWN_PORT} that of fragments
     * @param slot of the pool, {@link #NO_POOL} or {@link #SEVERAL_POOLS}
     * @param bind its number
     */
    record Span(int first, int slot, int bind) {}

    /** The first and the last address of a block, unsigned. */
    private record Block(Point first, Point last, int bits, boolean isIpv4) {
        /** It has its place among IPv6's addresses, and IPv6's blocks end at its border. */
        static final Block ALL_IPV4 = of(Address.of(new byte[4]), 0);

        static Block of(Address address, int prefixBits) {
            int bits = prefixBits + (address.isIpv4() ? 96 : 0);
            Point first = Point.of(address);
            return new Block(first, first.lastOf(bits), bits, address.isIpv4());
        }

        boolean contains(Block other) {
            return bits <= other.bits
                    && first.compareTo(other.first) <= 0
                    && other.last.compareTo(last) <= 0;
        }
    }

    /** An address. */
    private record Point(long high, long low) implements Comparable<Point> {
        static final Point ZERO = new Point(0, 0);

        static Point of(Address address) {
            ByteBuffer bytes = ByteBuffer.wrap(address.bytes());
            return address.isIpv4()
                    ? new Point(0, 0xffff_0000_0000L | Integer.toUnsignedLong(bytes.getInt()))
                    : new Point(bytes.getLong(), bytes.getLong());
        }

        Point lastOf(int prefixBits) {
            long highRest = prefixBits >= 64 ? 0 : -1L >>> prefixBits;
            long lowRest =
                    prefixBits >= 128 ? 0 : prefixBits <= 64 ? -1L : -1L >>> (prefixBits - 64);
            return new Point(high | highRest, low | lowRest);
        }

        /** {@link #ZERO} after the last of all. */
        Point next() {
            return new Point(low == -1L ? high + 1 : high, low + 1);
        }

        @Override
        public int compareTo(Point other) {
            int order = Long.compareUnsigned(high, other.high);
            return order != 0 ? order : Long.compareUnsigned(low, other.low);
        }
    }

    /** A bind with its number and pool. */
    private record Numbered(int number, Entry entry) {
        Bind bind() {
            return entry.bind();
        }

        int ports() {
            return bind().lastPort() - bind().firstPort();
        }
    }

    /** By address. */
    static List<Region> of(SortedMap<Integer, Entry> entries) {
        Map<Block, List<Numbered>> blocks =
                new TreeMap<>(Comparator.comparing(Block::first).thenComparingInt(Block::bits));
        blocks.put(Block.ALL_IPV4, new ArrayList<>());
        entries.forEach((number, entry) -> {
            Block block = Block.of(entry.bind().address(), entry.bind().prefixBits());
            blocks.computeIfAbsent(block, b -> new ArrayList<>()).add(new Numbered(number, entry));
        });
        return new Sweep(blocks).regions();
    }

    /** From the first address to the last, with the blocks around each. */
    private static final class Sweep {
        private final Map<Block, List<Numbered>> blocks;
        private final Deque<Block> around = new ArrayDeque<>();
        private final List<Region> regions = new ArrayList<>();
        private final Map<Block, Integer> lists = new HashMap<>();
        private final Map<Block, List<Span>> spans = new HashMap<>();

        Sweep(Map<Block, List<Numbered>> blocks) {
            this.blocks = blocks;
        }

        List<Region> regions() {
            for (Block block : blocks.keySet()) {
                leaveUntil(block);
                around.push(block);
                lists.put(block, lists.size() + 1);
                spans.put(block, spans());
                begin(block.first());
            }
            while (!around.isEmpty()) {
                leave();
            }
            return regions;
        }

        private void leaveUntil(Block next) {
            while (!around.isEmpty() && !around.element().contains(next)) {
                leave();
            }
        }

        private void leave() {
            Point after = around.pop().last().next();
            if (!after.equals(Point.ZERO)) {
                begin(after);
            }
        }

        /** A region begins; one of no length before it is gone. */
        private void begin(Point at) {
            if (!regions.isEmpty()
                    && regions.getLast().high() == at.high()
                    && regions.getLast().low() == at.low()) {
                regions.removeLast();
            }
            Block inside = around.peek();
            regions.add(
                    inside == null
                            ? new Region(at.high(), at.low(), 0, List.of())
                            : new Region(
                                    at.high(),
                                    at.low(),
                                    lists.getOrDefault(inside, 0),
                                    spans.getOrDefault(inside, List.of())));
        }

        /** Of the innermost block: wider ones are painted over by narrower ones. */
        private List<Span> spans() {
            Block innermost = around.element();
            List<Numbered> inner = binds(innermost).toList();
            if (inner.isEmpty()) {
                return List.of();
            }
            List<Numbered> all = new ArrayList<>();
            around.descendingIterator()
                    .forEachRemaining(b -> {
                        if (b.isIpv4() == innermost.isIpv4()) {
                            binds(b).forEach(all::add);
                        }
                    });
            NavigableMap<Integer, Span> painted = new TreeMap<>();
            for (Protocol protocol : Protocol.values()) {
                paint(painted, protocol, of(protocol, all));
            }
            Numbered echo =
                    inner.stream()
                            .min(Comparator.comparingInt(n -> n.entry().slot()))
                            .orElseThrow();
            put(painted, ICMP << 16, echo.entry().slot(), echo.number());
            put(painted, (ICMP << 16) + 1, NO_POOL, 0);
            return List.copyOf(painted.values());
        }

        /** Of a block, wider ranges first. */
        private Stream<Numbered> binds(Block block) {
            return blocks.getOrDefault(block, List.of()).stream()
                    .sorted(Comparator.comparingInt(n -> -n.ports()));
        }

        private static List<Numbered> of(Protocol protocol, Collection<Numbered> binds) {
            return binds.stream().filter(n -> n.bind().protocol() == protocol).toList();
        }

        private static void paint(
                NavigableMap<Integer, Span> painted, Protocol protocol, List<Numbered> binds) {
            int base = protocol.number() << 16;
            put(painted, base, NO_POOL, 0);
            put(painted, base + 0x10000, NO_POOL, 0);
            for (Numbered bind : binds) {
                paint(painted, base, bind);
            }
            if (!binds.isEmpty()) {
                paintUnknownPort(painted, base, binds);
            }
        }

        /** No port at all is not port 0. */
        private static void paintUnknownPort(
                NavigableMap<Integer, Span> painted, int base, List<Numbered> binds) {
            long pools = binds.stream().map(n -> n.entry().slot()).distinct().count();
            int key = base | UNKNOWN_PORT;
            painted.put(
                    key, pools == 1 ? of(key, binds.getFirst()) : new Span(key, SEVERAL_POOLS, 0));
            put(painted, key + 1, NO_POOL, 0);
        }

        private static Span of(int first, Numbered bind) {
            return new Span(first, bind.entry().slot(), bind.number());
        }

        private static void paint(NavigableMap<Integer, Span> painted, int base, Numbered bind) {
            int first = base + bind.bind().firstPort();
            int after = base + bind.bind().lastPort() + 1;
            Span behind = painted.floorEntry(after).getValue();
            painted.subMap(first, after).clear();
            painted.put(first, of(first, bind));
            painted.putIfAbsent(after, new Span(after, behind.slot(), behind.bind()));
        }

        private static void put(
                NavigableMap<Integer, Span> painted, int first, int slot, int bind) {
            painted.put(first, new Span(first, slot, bind));
        }
    }
}
