package dev.sluice.proxy;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class CookieWatchTest {
    private static final long SECOND = 1_000_000_000L;

    @Test
    void noCookieEverSentMeansNone() {
        CookieWatch watch = new CookieWatch(0, 0);

        assertThat(watch.sentLately(0, 0)).isFalse();
    }

    @Test
    void aCookieCountsUntilTheKernelWouldRefuseIt() {
        CookieWatch watch = new CookieWatch(0, 0);

        assertThat(watch.sentLately(1, 10 * SECOND)).isTrue();
        assertThat(watch.sentLately(1, 137 * SECOND)).isTrue();
        assertThat(watch.sentLately(1, 138 * SECOND)).isFalse();
        assertThat(watch.sentLately(2, 139 * SECOND)).isTrue();
    }

    @Test
    void cookiesOfUnknownAgeCountAsSentNow() {
        CookieWatch watch = new CookieWatch(5, 0);

        assertThat(watch.sentLately(5, SECOND)).isTrue();
        assertThat(watch.sentLately(5, 128 * SECOND)).isFalse();
    }
}
