package dev.sluice.lab;

import dev.sluice.testing.Needs;

import java.io.IOException;

/** Skips a test on a machine that cannot run a lab, or fails it if nothing may be skipped. */
public final class Capabilities {
    private Capabilities() {}

    /** A lab's name of a test's own: two checkouts can be tested at once. */
    public static String labName(String test) {
        return test + "%04x".formatted(System.getProperty("user.dir", "").hashCode() & 0xffff);
    }

    public static void requireLab() throws IOException {
        Needs.nothingMore(Requirements.missing());
    }
}
