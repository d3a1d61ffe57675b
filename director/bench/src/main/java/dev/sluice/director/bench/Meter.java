package dev.sluice.director.bench;

import dev.sluice.datapath.bpf.BpfProgram;
import dev.sluice.director.bench.BenchCase.Family;

import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.lang.management.ThreadMXBean;

/** Measures one program. Used in a namespace of {@link BenchWire}, by one thread. */
final class Meter {
    private static final ThreadMXBean THREADS = ManagementFactory.getThreadMXBean();

    /** A busy machine may let the far end's queue overflow now and then, but not always. */
    private static final int ATTEMPTS = 5;

    private final BenchPrograms programs;
    private final BpfProgram program;
    private final BpfProgram prologue;
    private final byte[] frame;
    private long fed;

    Meter(BenchPrograms programs, BpfProgram program, Family family, byte[] frame) {
        this.programs = programs;
        this.program = program;
        this.prologue = programs.prologue(family);
        this.frame = frame;
    }

    /** How many frames the program has got. */
    long fed() {
        return fed;
    }

    /**
     * Nanoseconds of CPU for a packet, after as many packets that do not count.
     *
     * @throws IOException if frames got lost each time
     */
    double nanos(int packets) throws IOException {
        programs.measure(program);
        long arrived = 0;
        for (int i = 0; i < ATTEMPTS; i++) {
            feed(packets);
            long before = programs.arrived();
            long nanos = feed(packets);
            arrived = programs.arrived() - before;
            if (arrived == packets) {
                return (double) nanos / packets;
            }
        }
        throw new IOException(
                "of " + packets + " frames " + arrived + " arrived: not a measurement");
    }

    private long feed(int packets) throws IOException {
        long start = THREADS.getCurrentThreadCpuTime();
        prologue.runLive(frame, BenchWire.NEAR, packets);
        long nanos = THREADS.getCurrentThreadCpuTime() - start;
        fed += packets;
        return nanos;
    }
}
