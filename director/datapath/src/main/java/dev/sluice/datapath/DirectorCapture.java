package dev.sluice.datapath;

import static java.lang.foreign.ValueLayout.JAVA_BYTE;
import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;

import dev.sluice.cluster.packet.DirectorCounter;
import dev.sluice.datapath.bpf.DatapathException;
import dev.sluice.datapath.bpf.RingBuffer;

import java.lang.foreign.MemorySegment;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/**
 * Packets that a director's program met, with its verdicts, beside the process that owns the
 * director. One capture at a time. The program bounds its rate, and ends it by itself when nobody
 * polls any more, so one whose process died costs nothing for long. Owned by the thread that opened
 * it.
 */
public final class DirectorCapture implements AutoCloseable {
    private static final long KTIME = 0;
    private static final long HASH = 8;
    private static final long GENERATION = 16;
    private static final long VERDICT = 24;
    private static final long POOL = 28;
    private static final long BIND = 32;
    private static final long LENGTH = 36;
    private static final long CAPTURED = 40;
    private static final long FRAME = 48;
    private static final DirectorCounter[] BY_NUMBER = DirectorCounter.values();

    /** Reading the tables anew for the names of pools and binds is not for every packet. */
    private static final Duration NAMES_AGE = Duration.ofSeconds(1);

    private final OwnerThread owner = new OwnerThread();
    private final DatapathMaps maps;
    private final boolean ownsMaps;
    private final ConfigMap config;
    private final CaptureMaps capture;
    private final RingBuffer ring;
    private final List<byte[]> records = new ArrayList<>();
    private Duration lease = Duration.ZERO;
    private PoolTables names;
    private long namesReadNs;

    DirectorCapture(DatapathMaps maps, boolean ownsMaps) {
        this.maps = maps;
        this.ownsMaps = ownsMaps;
        this.config = new ConfigMap(maps.get(DatapathMaps.CONFIG));
        this.capture = new CaptureMaps(maps);
        this.names = new PoolTables(maps);
        this.namesReadNs = KernelClock.nowNanos();
        this.ring = new RingBuffer(CaptureMaps.RING, maps.get(CaptureMaps.RING), records::add);
    }

    /**
     * Begins.
     *
     * @param lease so long after the last {@link #poll} the program ends it
     * @throws IncompatibleLayoutException if another version made the pins
     * @throws DatapathException if there are none, or another process captures here
     */
    public static DirectorCapture open(Path pins, CaptureFilter filter, Duration lease) {
        DatapathMaps.requireLayout(Program.DIRECTOR, pins);
        DatapathMaps maps = DatapathMaps.openPinned(Program.DIRECTOR, pins);
        try {
            requireFree(new ConfigMap(maps.get(DatapathMaps.CONFIG)).capturing(), pins);
            DirectorCapture capture = new DirectorCapture(maps, true);
            capture.begin(filter, lease);
            return capture;
        } catch (RuntimeException e) {
            maps.close();
            throw e;
        }
    }

    private static void requireFree(int process, Path pins) {
        boolean isAlive =
                process != 0 && ProcessHandle.of(process).map(ProcessHandle::isAlive).orElse(false);
        if (isAlive && process != ProcessHandle.current().pid()) {
            throw new DatapathException(
                    "process " + process + " captures from " + pins + " already: end it first");
        }
    }

    void begin(CaptureFilter filter, Duration newLease) {
        // What an earlier capture left behind is not part of this one.
        ring.poll(Duration.ZERO);
        lease = newLease;
        capture.write(filter, leaseEnd());
        config.writeCapturing(self());
    }

    private long leaseEnd() {
        return KernelClock.nowNanos() + lease.toNanos();
    }

    private static int self() {
        return (int) ProcessHandle.current().pid();
    }

    /** Again, if the program ended it because this process was held up. */
    private void renew() {
        capture.writeUntil(leaseEnd());
        if (config.capturing() != self()) {
            config.writeCapturing(self());
        }
    }

    /** What has come since, in the order of the CPUs' clocks; waits if that is nothing. */
    public List<CapturedPacket> poll(Duration patience) {
        owner.check();
        records.clear();
        renew();
        ring.poll(patience);
        if (!records.isEmpty() && namesReadNs + NAMES_AGE.toNanos() < KernelClock.nowNanos()) {
            names = new PoolTables(maps);
            namesReadNs = KernelClock.nowNanos();
        }
        return records.stream().map(this::packet).toList();
    }

    private CapturedPacket packet(byte[] bytes) {
        MemorySegment record = MemorySegment.ofArray(bytes);
        int captured = record.get(JAVA_INT.withByteAlignment(1), CAPTURED);
        return new CapturedPacket(
                u64(record, KTIME),
                BY_NUMBER[u32(record, VERDICT)],
                names.pool(u32(record, POOL)),
                names.pool(u32(record, POOL)).flatMap(p -> names.bind(u32(record, BIND))),
                u64(record, HASH),
                u64(record, GENERATION),
                record.asSlice(FRAME, captured).toArray(JAVA_BYTE),
                u32(record, LENGTH));
    }

    private static int u32(MemorySegment record, long at) {
        return record.get(JAVA_INT.withByteAlignment(1), at);
    }

    private static long u64(MemorySegment record, long at) {
        return record.get(JAVA_LONG.withByteAlignment(1), at);
    }

    /** Packets that matched and were not taken: above the rate, or not read fast enough. */
    public long missed() {
        owner.check();
        return capture.missed();
    }

    /** Ends it. */
    @Override
    public void close() {
        owner.check();
        config.writeCapturing(0);
        ring.close();
        if (ownsMaps) {
            maps.close();
        }
    }
}
