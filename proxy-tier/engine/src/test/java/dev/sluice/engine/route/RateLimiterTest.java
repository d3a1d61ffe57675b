package dev.sluice.engine.route;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.cluster.l7.route.RateLimit;
import dev.sluice.cluster.l7.route.Route;
import dev.sluice.engine.http.Forwarding;
import dev.sluice.engine.http.RequestHead;

import org.junit.jupiter.api.Test;

import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;

final class RateLimiterTest {
    private static final long SECOND = 1_000_000_000;

    /** Times may be anything, also below zero. */
    private static final long START = Duration.ofNanos(Long.MAX_VALUE).minusSeconds(5).toNanos();

    private static RateLimiter limiter(int perSecond, int burst, int buckets) {
        return new RateLimiter(
                new RateLimit(perSecond, Duration.ofSeconds(1), burst, Optional.empty(), buckets),
                buckets);
    }

    @Test
    void aBucketHoldsItsBurstAndFillsEvenly() {
        RateLimiter limiter = limiter(10, 3, 1);
        assertThat(limiter.take(7, START)).isZero();
        assertThat(limiter.take(7, START)).isZero();
        assertThat(limiter.take(7, START)).isZero();
        assertThat(limiter.take(7, START)).isEqualTo(SECOND / 10);
        assertThat(limiter.take(7, START + SECOND / 20)).isEqualTo(SECOND / 20);
        assertThat(limiter.take(7, START + SECOND / 10)).isZero();
        assertThat(limiter.take(7, START + SECOND / 10)).isEqualTo(SECOND / 10);
        // Long after, also past the end of the numbers, it is full and no fuller.
        long later = START + 100 * SECOND;
        assertThat(limiter.take(7, later)).isZero();
        assertThat(limiter.take(7, later)).isZero();
        assertThat(limiter.take(7, later)).isZero();
        assertThat(limiter.take(7, later)).isPositive();
    }

    @Test
    void overALongTimeTheRateIsWhatItIs() {
        RateLimiter limiter = limiter(100, 10, 1);
        int taken = 0;
        for (int millis = 0; millis < 60_000; millis++) {
            taken += limiter.take(1, millis * 1_000_000L) == 0 ? 1 : 0;
        }
        assertThat(taken).isBetween(6_000, 6_010);
    }

    @Test
    void keysDoNotShareTokens() {
        RateLimiter limiter = limiter(1, 1, 64);
        for (long key = 0; key < 64; key++) {
            assertThat(limiter.take(key, 0)).isZero();
            assertThat(limiter.take(key, 0)).isPositive();
        }
    }

    @Test
    void ofTooManyKeysTheFullestBucketIsForgotten() {
        RateLimiter limiter = limiter(1, 2, 8);
        assertThat(limiter.places()).isEqualTo(8);
        for (long key = 0; key < 7; key++) {
            limiter.take(key, 0);
            limiter.take(key, 0);
        }
        // Half a bucket: it makes place for the ninth key.
        limiter.take(7, 0);
        limiter.take(8, 0);
        for (long key = 0; key < 7; key++) {
            assertThat(limiter.take(key, 0)).isPositive();
        }
    }

    @Test
    void manyThreadsGetNoMoreThanThereIs() throws InterruptedException {
        RateLimiter limiter = limiter(1, 1_000, 8);
        AtomicInteger taken = new AtomicInteger();
        CountDownLatch ready = new CountDownLatch(4);
        Thread[] threads = new Thread[4];
        for (int i = 0; i < threads.length; i++) {
            threads[i] =
                    Thread.ofPlatform()
                            .start(() -> {
                                ready.countDown();
                                await(ready);
                                for (int take = 0; take < 1_000; take++) {
                                    taken.addAndGet(limiter.take(5, 0) == 0 ? 1 : 0);
                                }
                            });
        }
        for (Thread thread : threads) {
            thread.join();
        }
        assertThat(taken).hasValue(1_000);
    }

    private static void await(CountDownLatch latch) {
        try {
            latch.await();
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }

    @Test
    void aRouteThatStaysKeepsItsBucketsAndAnotherLimitIsAnother() {
        Forwarding forwarding = new Forwarding(List.of());
        RequestHead head = Requests.get("x", "/");
        RateGates gates = RateGates.first();
        Route route = route("{requests: 1, per: 1h}");
        assertThat(wait(gates, route, head, forwarding)).isZero();
        assertThat(wait(gates, route, head, forwarding)).isPositive();
        RateGates next = gates.next();
        assertThat(wait(next, route("{requests: 1, per: 1h}"), head, forwarding)).isPositive();
        assertThat(wait(next.next(), route("{requests: 2, per: 1h}"), head, forwarding)).isZero();
    }

    private static Route route(String limit) {
        return Requests.routes("{upstream: a, rateLimit: " + limit + "}").getFirst();
    }

    private static long wait(
            RateGates gates, Route route, RequestHead head, Forwarding forwarding) {
        RateGate gate = Objects.requireNonNull(gates.of(route, forwarding));
        return gate.waitNanos(head, Requests.from("203.0.113.1"), 0);
    }
}
