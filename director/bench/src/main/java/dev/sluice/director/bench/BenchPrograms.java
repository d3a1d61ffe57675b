package dev.sluice.director.bench;

import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;
import static java.lang.foreign.ValueLayout.JAVA_SHORT;

import dev.sluice.datapath.bpf.BpfMap;
import dev.sluice.datapath.bpf.BpfObject;
import dev.sluice.datapath.bpf.BpfProgram;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;

/** {@code bench.bpf.c}: what stands around a measured program, and its peers. */
final class BenchPrograms implements AutoCloseable {
    private static final int ETHERNET0 = 0;
    private static final int RANDOM = 8;
    private static final int ETHERNET8 = 16;
    private static final int ETHERNET12 = 20;
    private static final int VIPS = 22;
    private static final int CLIENT = 24;
    private static final int FLOWS = 28;
    private static final int VIP = 32;
    private static final int PORT = 36;
    private static final int LENGTH = 40;

    private final BpfObject object = BpfObject.open(BenchPrograms.class, "bench.bpf.o");
    private final BpfMap workload;
    private final BpfMap measured;
    private final BpfMap arrived;
    private final BpfMap rowTables;

    BenchPrograms() {
        object.load();
        workload = object.map("workload");
        measured = object.map("measured");
        arrived = object.map("arrived");
        rowTables = object.map("row_tables");
    }

    BpfProgram sink() {
        return object.program("sink");
    }

    /** Transmits, and no more. */
    BpfProgram swap() {
        return object.program("swap");
    }

    /** Adds constant headers and transmits. */
    BpfProgram wrap(int overhead) {
        return object.program("wrap" + overhead);
    }

    /** Also hashes the flow and reads its row. */
    BpfProgram lookUp(BenchCase.Family family, int overhead) {
        int version =
                switch (family) {
                    case IPV4 -> 4;
                    case IPV6 -> 6;
                };
        return object.program("lookup" + version + "_" + overhead);
    }

    /** Makes each frame new, then runs what {@link #measure} said. */
    BpfProgram prologue(BenchCase.Family family) {
        return object.program(
                switch (family) {
                    case IPV4 -> "prologue4";
                    case IPV6 -> "prologue6";
                });
    }

    void measure(BpfProgram program) {
        try (Arena arena = Arena.ofConfined()) {
            measured.put(arena.allocateFrom(JAVA_INT, 0), program);
        }
    }

    long arrived() {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment counts =
                    arrived.get(arena.allocateFrom(JAVA_INT, 0), arena).orElseThrow();
            long sum = 0;
            for (long at = 0; at < counts.byteSize(); at += Long.BYTES) {
                sum += counts.get(JAVA_LONG, at);
            }
            return sum;
        }
    }

    /** What prologue makes of each frame. */
    void generate(BenchCase c, byte[] frame) {
        ByteBuffer bytes = ByteBuffer.wrap(frame).order(ByteOrder.nativeOrder());
        ByteBuffer numbers = ByteBuffer.wrap(frame);
        int clientAt = BenchFrames.clientOffset(c.family());
        int vipAt = BenchFrames.vipOffset(c.family());
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment value = arena.allocate(LENGTH, 8);
            value.set(JAVA_LONG, ETHERNET0, bytes.getLong(0));
            value.set(JAVA_INT, ETHERNET8, bytes.getInt(8));
            value.set(JAVA_SHORT, ETHERNET12, bytes.getShort(12));
            value.set(JAVA_LONG, RANDOM, 1);
            value.set(JAVA_SHORT, VIPS, (short) BenchPools.vips(c));
            value.set(JAVA_INT, CLIENT, numbers.getInt(clientAt));
            value.set(JAVA_INT, FLOWS, c.flows());
            value.set(JAVA_INT, VIP, numbers.getInt(vipAt));
            value.set(JAVA_INT, PORT, BenchFrames.PORT);
            workload.put(arena.allocateFrom(JAVA_INT, 0), value);
            MemorySegment tables = arena.allocate(rowTables.valueSize(), 8);
            tables.set(JAVA_INT, 0, c.pools());
            rowTables.put(arena.allocateFrom(JAVA_INT, 0), tables);
        }
    }

    @Override
    public void close() {
        workload.close();
        measured.close();
        arrived.close();
        rowTables.close();
        object.close();
    }
}
