package dev.sluice.testing;

import static org.junit.jupiter.api.Assertions.fail;
import static org.junit.jupiter.api.Assumptions.abort;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.Pattern;

/**
 * What a test needs of the machine that it runs on. Without it the test is skipped and says why;
 * where {@code SLUICE_REQUIRE_ALL} is {@code true}, in the environment or as a system property, it
 * fails.
 */
public final class Needs {
    private static final String REQUIRE_ALL = "SLUICE_REQUIRE_ALL";
    private static final Pattern COLON = Pattern.compile(":");

    private Needs() {}

    /**
     * @param lack what is to be done, or is missing, if the machine does not have it
     */
    public static void met(boolean isThere, String lack) {
        if (isThere) {
            return;
        }
        if (Boolean.parseBoolean(System.getenv(REQUIRE_ALL)) || Boolean.getBoolean(REQUIRE_ALL)) {
            fail(REQUIRE_ALL + " is set, and this machine lacks something: " + lack);
        }
        abort(lack);
    }

    /**
     * @param missing what the machine does not have
     */
    public static void nothingMore(List<String> missing) {
        met(missing.isEmpty(), String.join("; ", missing));
    }

    /** A program of a package of Debian's. */
    public static void program(String name, String debianPackage) {
        met(
                COLON.splitAsStream(System.getenv("PATH"))
                        .anyMatch(folder -> Files.isExecutable(Path.of(folder, name))),
                name + " is missing: apt-get install " + debianPackage);
    }
}
