package dev.sluice.datapath;

import dev.sluice.datapath.bpf.BpfObject;
import dev.sluice.datapath.bpf.BpfProgram;

import java.nio.file.Path;
import java.time.Duration;
import java.util.List;

/**
 * The director's program once more, on the tables and binds that a director left pinned on this
 * host: it does with a frame what the attached one would do, without a device, and says why. Its
 * counters are its own, so that no such frame counts as a client's. Owned by the thread that opened
 * it.
 */
public final class PinnedDirector implements AutoCloseable {
    /** What the program decides by; all else it writes. */
    private static final List<String> TABLES = List.of("pools", "binds");

    private static final int RATE = 1000;
    private static final Duration A_WHILE = Duration.ofMinutes(1);

    private final DatapathMaps pinned;
    private final BpfObject object;
    private final DatapathMaps maps;
    private final BpfProgram program;
    private final DirectorCapture capture;

    private PinnedDirector(DatapathMaps pinned, BpfObject object) {
        this.pinned = pinned;
        this.object = object;
        this.maps = DatapathMaps.of(Program.DIRECTOR, object);
        this.program = object.program(Program.DIRECTOR.function());
        new ConfigMap(maps.get(DatapathMaps.CONFIG))
                .copyFrom(new ConfigMap(pinned.get(DatapathMaps.CONFIG)));
        this.capture = new DirectorCapture(maps, false);
    }

    /**
     * @throws IncompatibleLayoutException if another version made the pins
     * @throws dev.sluice.datapath.bpf.DatapathException if there are none
     */
    public static PinnedDirector open(Path pins) {
        DatapathMaps.requireLayout(Program.DIRECTOR, pins);
        DatapathMaps pinned = DatapathMaps.openPinned(Program.DIRECTOR, pins);
        BpfObject object = BpfObject.open(Program.class, Program.DIRECTOR.resource());
        try {
            TABLES.forEach(name -> object.reuse(name, pinned.get(name)));
            object.load();
            return new PinnedDirector(pinned, object);
        } catch (RuntimeException e) {
            object.close();
            pinned.close();
            throw e;
        }
    }

    /** Runs the program on one frame: what it did with it, in its own words. */
    public CapturedPacket run(byte[] frame) {
        capture.begin(CaptureFilter.all(RATE), A_WHILE);
        program.run(frame);
        List<CapturedPacket> packets = capture.poll(A_WHILE);
        if (packets.size() != 1) {
            throw new IllegalStateException(packets.size() + " captures of one frame");
        }
        return packets.getFirst();
    }

    /** Lets go; the datapath goes on. */
    @Override
    public void close() {
        capture.close();
        maps.close();
        object.close();
        pinned.close();
    }
}
