package dev.sluice.datapath;

import dev.sluice.datapath.bpf.Libc;

/** The clock of the BPF programs: CLOCK_MONOTONIC, which stands still while the host sleeps. */
public final class KernelClock {
    private KernelClock() {}

    public static long nowNanos() {
        return Libc.monotonicNanos();
    }
}
