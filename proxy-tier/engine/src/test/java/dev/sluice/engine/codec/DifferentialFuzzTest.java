package dev.sluice.engine.codec;

import static org.assertj.core.api.Assertions.assertThat;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import dev.sluice.engine.http.Failure;

import org.junit.jupiter.api.Test;

import java.util.Arrays;
import java.util.EnumSet;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.regex.Pattern;

/**
 * Our codec beside Netty's on bytes that are nearly HTTP. Where both take a request, they take it
 * for the same; ours takes none that Netty refuses; why it refuses some that Netty takes, {@link
 * Strictness} says.
 */
final class DifferentialFuzzTest {
    private static final int CASES = 40_000;

    /** What ours refuses and Netty takes, or reads on. */
    private enum Strictness {
        /** RFC 9112 §2.2: Netty skips any controls and spaces there. */
        OCTETS_AHEAD(Failure.MALFORMED, "(\r\n)*[\\x00-\\x20\\x7f].*"),
        /** RFC 9112 §3: Netty takes any run of white space there. */
        SPACE_IN_REQUEST_LINE(Failure.MALFORMED, "[^\r\n]*(\t|  | \t|\\x0b)[^\r\n]*\r\n.*"),
        /** RFC 9112 §2.3: Netty passes on any version's number and name. */
        VERSION(Failure.MALFORMED, "(\r\n)*\\S* \\S* (?!HTTP/1\\.[01]\r)[^\r\n]*\r\n.*"),
        /** RFC 9112 §5.2: Netty joins the lines. */
        FOLDED_LINE(Failure.MALFORMED, ".*\r\n[ \t].*"),
        /** RFC 9112 §2.2: Netty waits for the line's end before it looks at what is in it. */
        NOT_AT_THE_END_OF_THE_LINE(Failure.MALFORMED, ".*(\r[^\n]|[\\x00-\\x08\\x0b\\x7f]).*"),
        /** RFC 9112 §3.2: Netty leaves Host to its user. */
        HOST(Failure.BAD_HOST, ".*"),
        /** RFC 9112 §3.2: Netty leaves targets to its user. */
        TARGET(Failure.BAD_TARGET, ".*"),
        /** RFC 9110 §10.1.1: Netty leaves expectations to its user. */
        EXPECTATION(Failure.UNKNOWN_EXPECTATION, "(?i).*\r\nexpect:.*"),
        /** RFC 9112 §6.1: Netty looks at the last coding alone. */
        CODING(Failure.UNKNOWN_CODING, "(?i).*\r\ntransfer-encoding:[^\r\n]*,.*"),
        /** RFC 9112 §6.3: lengths that differ are refused by Netty on HTTP/1.1 alone. */
        LENGTHS_OF_1_0(Failure.BAD_FRAMING, "(?is).*HTTP/1\\.0\r\n.*content-length:.*"),
        /** RFC 9112 §6.1: Netty looks at the last line alone. */
        CODING_LINES(Failure.BAD_FRAMING, "(?is)(.*\r\ntransfer-encoding:){2}.*"),
        /** RFC 9110 §9.3: Netty takes any token, and some that are none. */
        METHOD(Failure.MALFORMED, "(\r\n)*[^ ]*[^!-~][^ ]* .*");

        final Failure failure;
        final Pattern where;

        Strictness(Failure failure, String where) {
            this.failure = failure;
            this.where = Pattern.compile(where, Pattern.DOTALL);
        }

        boolean explains(Reading ours) {
            return ours.why() == failure && where.matcher(ours.where()).matches();
        }
    }

    /** Netty counts a chunk's bytes in an int. */
    private static final Pattern CHUNK_OF_2_GIB =
            Pattern.compile("(?s).*\r\n0*[1-9a-fA-F][0-9a-fA-F]{7,14}[ \t;\r].*");

    private final Set<Strictness> seen = EnumSet.noneOf(Strictness.class);
    private int takenByBoth;

    @Test
    void oursTakesNothingThatNettyRefusesAndReadsTheRestAlike() {
        long seed = Long.getLong("sluice.fuzz.seed", System.nanoTime());
        for (int i = 0; i < CASES; i++) {
            // Half of the cases are always the same.
            SplittableRandom random = new SplittableRandom(i % 2 == 0 ? i : seed + i);
            byte[] bytes = new FuzzedBytes(random).next();
            Reading ours = Reading.ours(bytes, left -> left);
            Reading split = Reading.ours(bytes, left -> 1 + random.nextInt(Math.min(left, 9)));
            assertThat(split).as("in pieces, seed %d: %s", seed, text(bytes)).isEqualTo(ours);
            compare("seed " + seed + ": " + text(bytes), ours, Reading.netty(bytes));
        }
        assertThat(takenByBoth).isGreaterThan(CASES / 8);
        assertThat(seen).as("each explanation is needed").containsExactly(Strictness.values());
    }

    private void compare(String what, Reading ours, Reading netty) {
        int common = Math.min(ours.requests().size(), netty.requests().size());
        takenByBoth += common;
        assertThat(ours.requests()).as(what).isEqualTo(netty.requests().subList(0, common));
        if (netty.requests().size() > common || ours.refused() != netty.refused()) {
            if (!ours.refused() && CHUNK_OF_2_GIB.matcher(ours.where()).matches()) {
                return;
            }
            assertThat(ours.refused()).as("ours reads on: %s", what).isTrue();
            Strictness[] why =
                    Arrays.stream(Strictness.values())
                            .filter(s -> s.explains(ours))
                            .toArray(Strictness[]::new);
            assertThat(why).as("%s refused for no known reason: %s", ours.why(), what).isNotEmpty();
            seen.add(why[0]);
        }
    }

    private static String text(byte[] bytes) {
        return new String(bytes, ISO_8859_1).replace("\r", "\\r").replace("\n", "\\n");
    }
}
