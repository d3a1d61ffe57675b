package dev.sluice.datapath;

import dev.sluice.datapath.bpf.BpfObject;
import dev.sluice.datapath.bpf.BpfProgram;

import java.nio.file.Path;

/**
 * The director's program once more, on the maps that a director left pinned on this host: it does
 * with a frame what the attached one would do, without a device. Its counters count such frames
 * too. Owned by the thread that opened it.
 */
public final class PinnedDirector implements AutoCloseable {
    private final DatapathMaps maps;
    private final BpfObject object;
    private final BpfProgram program;

    private PinnedDirector(DatapathMaps maps, BpfObject object) {
        this.maps = maps;
        this.object = object;
        this.program = object.program(Program.DIRECTOR.function());
    }

    /**
     * @throws IncompatibleLayoutException if another version made the pins
     * @throws dev.sluice.datapath.bpf.DatapathException if there are none
     */
    public static PinnedDirector open(Path pins) {
        DatapathMaps.requireLayout(Program.DIRECTOR, pins);
        DatapathMaps maps = DatapathMaps.openPinned(Program.DIRECTOR, pins);
        BpfObject object = BpfObject.open(Program.class, Program.DIRECTOR.resource());
        try {
            maps.reuseIn(object);
            object.load();
            return new PinnedDirector(maps, object);
        } catch (RuntimeException e) {
            object.close();
            maps.close();
            throw e;
        }
    }

    /** Runs the program on one frame. */
    public BpfProgram.Run run(byte[] frame) {
        return program.run(frame);
    }

    /** Lets go; the datapath goes on. */
    @Override
    public void close() {
        object.close();
        maps.close();
    }
}
