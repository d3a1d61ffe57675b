package dev.sluice.datapath;

import dev.sluice.datapath.bpf.BpfFs;

import java.nio.file.Path;

/** Names of what the whole machine sees: two checkouts may be tested there at once. */
final class Checkout {
    private static final String SUFFIX =
            "-%04x".formatted(System.getProperty("user.dir", "").hashCode() & 0xffff);

    private Checkout() {}

    static String own(String name) {
        return name + SUFFIX;
    }

    static Path pins(String name) {
        return Path.of(BpfFs.ROOT, own(name));
    }
}
