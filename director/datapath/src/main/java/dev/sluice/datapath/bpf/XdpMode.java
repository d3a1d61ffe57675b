package dev.sluice.datapath.bpf;

/** Where an XDP program runs. */
public enum XdpMode {
    /** In the driver if that can do XDP, else as {@link #GENERIC}. */
    AUTO(0),

    /**
     * In the kernel, behind the driver: slower, and independent of what the driver and, of a veth
     * pair, the device at the other end can do.
     */
    GENERIC(1 << 1);

    /** Of {@code linux/if_link.h}. */
    final int flags;

    XdpMode(int flags) {
        this.flags = flags;
    }
}
