package dev.sluice.lab;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.util.List;

/** Skips a test on a machine that cannot run a lab, or fails it if nothing may be skipped. */
public final class Capabilities {
    private Capabilities() {}

    /** A lab's name of a test's own: two checkouts can be tested at once. */
    public static String labName(String test) {
        return test + "%04x".formatted(System.getProperty("user.dir", "").hashCode() & 0xffff);
    }

    public static void requireLab() throws IOException {
        List<String> missing = Requirements.missing();
        if (Boolean.parseBoolean(System.getenv("SLUICE_REQUIRE_ALL"))
                || Boolean.getBoolean("SLUICE_REQUIRE_ALL")) {
            assertThat(missing).as("what this machine lacks").isEmpty();
        }
        assumeTrue(missing.isEmpty(), () -> String.join("; ", missing));
    }
}
