package dev.sluice.engine.codec;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

import java.util.concurrent.TimeUnit;

/** Ten bytes a second, over ten seconds. */
final class PaceTest {
    private static final long SECOND = TimeUnit.SECONDS.toNanos(1);
    private final Pace pace = new Pace(10, 10 * SECOND, false);

    private long left(long second, long bytes, boolean waiting) {
        return pace.left(second * SECOND, bytes, waiting);
    }

    @Test
    void tooLittleInAWholeWindowIsTooSlow() {
        assertThat(left(0, 0, true)).isEqualTo(10 * SECOND);
        assertThat(left(4, 99, true)).isEqualTo(6 * SECOND);
        assertThat(left(10, 99, true)).isZero();
    }

    @Test
    void enoughBeginsTheNextWindow() {
        left(0, 0, true);
        assertThat(left(10, 100, true)).isEqualTo(10 * SECOND);
        assertThat(left(20, 199, true)).isZero();
    }

    @Test
    void whatCameEarlierIsNoCredit() {
        left(0, 0, true);
        assertThat(left(10, 1_000_000, true)).isEqualTo(10 * SECOND);
        assertThat(left(20, 1_000_000, true)).isZero();
    }

    @Test
    void aWindowInWhichThereWasNothingToWaitForDoesNotCount() {
        left(0, 0, true);
        assertThat(left(9, 0, false)).isEqualTo(10 * SECOND);
        assertThat(left(10, 0, true)).isEqualTo(10 * SECOND);
        assertThat(left(19, 0, true)).isEqualTo(SECOND);
        pace.interrupt();
        assertThat(left(20, 0, true)).isEqualTo(10 * SECOND);
        assertThat(left(30, 0, true)).isZero();
    }

    @Test
    void whoMayStandStillIsTooSlowOnlyWhenItMoves() {
        Pace reader = new Pace(10, 10 * SECOND, true);
        assertThat(reader.left(0, 500, true)).isEqualTo(10 * SECOND);
        assertThat(reader.left(10 * SECOND, 500, true)).isEqualTo(10 * SECOND);
        assertThat(reader.left(20 * SECOND, 500, true)).isEqualTo(10 * SECOND);
        assertThat(reader.left(30 * SECOND, 501, true)).isZero();
    }

    @Test
    void withoutARateAnyPaceWillDo() {
        assertThat(new Pace(0, SECOND, false).left(100 * SECOND, 0, true))
                .isEqualTo(Long.MAX_VALUE);
        assertThat(Pace.any().left(100 * SECOND, 0, true)).isEqualTo(Long.MAX_VALUE);
    }
}
