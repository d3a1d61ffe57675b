package dev.sluice.datapath;

import static java.lang.foreign.ValueLayout.JAVA_BYTE;
import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;

import dev.sluice.cluster.config.AddressBlock;
import dev.sluice.cluster.packet.DirectorCounter;
import dev.sluice.cluster.pool.Address;
import dev.sluice.datapath.bpf.BpfMap;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.Set;

/** The layouts of capture.h: what is wanted, and how much of it was missed. */
final class CaptureMaps {
    static final String FILTER = "capture_filter";
    static final String STATE = "capture_state";
    static final String RING = "captures";

    private static final long CLIENT = 0;
    private static final long CLIENT_MASK = 16;
    private static final long VIP = 32;
    private static final long VIP_MASK = 48;
    private static final long VERDICTS = 64;
    private static final long CLIENT_PORT = 72;
    private static final long VIP_PORT = 74;
    private static final long PROTOCOL = 76;
    private static final long VERSION = 77;
    private static final long RATE = 80;
    private static final long UNTIL = 88;
    private static final long MISSED = 8;
    private static final int STATE_LENGTH = 16;

    private final BpfMap filter;
    private final BpfMap state;

    CaptureMaps(DatapathMaps maps) {
        this.filter = maps.get(FILTER);
        this.state = maps.get(STATE);
    }

    /**
     * @param untilKtimeNs when the program ends the capture by itself
     */
    void write(CaptureFilter wanted, long untilKtimeNs) {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment value = arena.allocate(filter.valueSize(), 8);
            wanted.client().ifPresent(block -> put(value, CLIENT, CLIENT_MASK, block));
            wanted.vip().ifPresent(block -> put(value, VIP, VIP_MASK, block));
            value.set(JAVA_LONG, VERDICTS, bits(wanted.verdicts()));
            value.set(Addresses.PORT, CLIENT_PORT, (short) wanted.clientPort());
            value.set(Addresses.PORT, VIP_PORT, (short) wanted.vipPort());
            wanted.protocol().ifPresent(p -> value.set(JAVA_BYTE, PROTOCOL, (byte) p.number()));
            value.set(JAVA_INT, RATE, wanted.rate());
            value.set(JAVA_LONG, UNTIL, untilKtimeNs);
            filter.put(Keys.zero(arena), value);
        }
        state.clear(0);
    }

    void writeUntil(long untilKtimeNs) {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment value = filter.get(Keys.zero(arena), arena).orElseThrow();
            value.set(JAVA_LONG, UNTIL, untilKtimeNs);
            filter.put(Keys.zero(arena), value);
        }
    }

    private static void put(MemorySegment value, long at, long maskAt, AddressBlock block) {
        byte[] mask = new byte[block.address().bytes().length];
        for (int bit = 0; bit < block.prefixBits(); bit++) {
            mask[bit / 8] |= (byte) (0x80 >> (bit % 8));
        }
        Addresses.put(value, at, block.address());
        Addresses.put(value, maskAt, Address.of(mask));
        value.set(JAVA_BYTE, VERSION, Addresses.version(block.address()));
    }

    private static long bits(Set<DirectorCounter> verdicts) {
        DirectorCounter[] byNumber = DirectorCounter.values();
        long bits = 0;
        for (int i = 0; i < byNumber.length; i++) {
            bits |= verdicts.contains(byNumber[i]) ? 1L << i : 0;
        }
        return bits;
    }

    /** Since {@link #write}. */
    long missed() {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment perCpu = state.get(Keys.zero(arena), arena).orElseThrow();
            long missed = 0;
            for (long at = MISSED; at < perCpu.byteSize(); at += STATE_LENGTH) {
                missed += perCpu.get(JAVA_LONG, at);
            }
            return missed;
        }
    }
}
