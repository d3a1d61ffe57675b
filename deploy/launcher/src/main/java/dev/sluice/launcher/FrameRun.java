package dev.sluice.launcher;

import dev.sluice.cluster.packet.FrameRow;
import dev.sluice.cluster.packet.OuterHeaders;
import dev.sluice.cluster.pool.Address;
import dev.sluice.cluster.table.ForwardingTable;
import dev.sluice.datapath.DirectorTrial;
import dev.sluice.datapath.bpf.BpfProgram;

import java.util.ArrayList;
import java.util.List;
import java.util.OptionalInt;

/**
 * What the director's program made of one frame.
 *
 * @param action of XDP
 * @param row that the model finds; the program keeps it to itself
 * @param chain that left with the packet: empty if none did
 * @param out as it leaves the program; of a dropped one there is nothing
 */
record FrameRun(byte[] in, String action, OptionalInt row, List<Address> chain, byte[] out) {
    private static final String[] ACTIONS = {"ABORTED", "DROP", "PASS", "TX", "REDIRECT"};

    FrameRun {
        chain = List.copyOf(chain);
    }

    static List<FrameRun> all(
            DirectorTrial director, List<ForwardingTable> tables, List<byte[]> frames) {
        List<FrameRun> runs = new ArrayList<>();
        for (byte[] frame : frames) {
            runs.add(of(director.run(frame), tables, frame));
        }
        return runs;
    }

    private static FrameRun of(BpfProgram.Run run, List<ForwardingTable> tables, byte[] frame) {
        String action = ACTIONS[run.action()];
        return switch (action) {
            case "TX", "REDIRECT" ->
                    new FrameRun(
                            frame,
                            action,
                            FrameRow.of(tables, frame),
                            OuterHeaders.chain(run.frame()),
                            run.frame());
            case "PASS" -> new FrameRun(frame, action, OptionalInt.empty(), List.of(), run.frame());
            default -> new FrameRun(frame, action, OptionalInt.empty(), List.of(), new byte[0]);
        };
    }
}
