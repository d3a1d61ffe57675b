package dev.sluice.engine.upstream;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.netty.channel.DefaultEventLoop;
import io.netty.channel.EventLoop;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.TimeUnit;

final class ConnectionLimitTest {
    private static final Duration LONG = Duration.ofMinutes(5);

    private final EventLoop loop = new DefaultEventLoop();
    private final List<String> heard = new ArrayList<>();

    @AfterEach
    void stop() {
        loop.shutdownGracefully(0, 0, TimeUnit.SECONDS);
    }

    private Permit ask(ConnectionLimit limit, String name, Object owner, int sharers) {
        return loop.submit(() ->
                        limit.request(
                                loop,
                                owner,
                                sharers,
                                LONG,
                                _ -> heard.add(name),
                                () -> heard.add(name + " late")))
                .syncUninterruptibly()
                .getNow();
    }

    private Permit ask(ConnectionLimit limit, String name) {
        return ask(limit, name, this, 1);
    }

    private void assertHeard(String... names) {
        List<String> now = loop.submit(() -> List.copyOf(heard)).syncUninterruptibly().getNow();
        assertThat(now).isEqualTo(Arrays.asList(names));
    }

    @Test
    void whoComesFirstIsServedFirst() {
        ConnectionLimit limit = new ConnectionLimit(1);
        Permit first = ask(limit, "first");
        Permit second = ask(limit, "second");
        ask(limit, "third");
        assertHeard("first");
        first.end();
        first.end();
        assertHeard("first", "second");
        assertThat(limit.open()).isEqualTo(1);
        second.end();
        assertHeard("first", "second", "third");
    }

    @Test
    void anOwnerWithItsShareLetsOthersPass() {
        ConnectionLimit limit = new ConnectionLimit(4);
        ask(limit, "a1", "a", 2);
        ask(limit, "a2", "a", 2);
        ask(limit, "a3", "a", 2);
        ask(limit, "b1", "b", 2);
        assertHeard("a1", "a2", "b1");
        assertThat(limit.waiting()).isEqualTo(1);
    }

    @Test
    void oneWhoWaitsGetsWhatRestsLongest() {
        ConnectionLimit limit = new ConnectionLimit(2);
        Permit first = ask(limit, "first");
        ask(limit, "second");
        List<String> given = new ArrayList<>();
        ConnectionLimit.Spare oldest = () -> given.add("oldest");
        ConnectionLimit.Spare other = () -> given.add("other");
        assertThat(limit.rests(oldest)).isTrue();
        assertThat(limit.rests(other)).isTrue();
        ask(limit, "third");
        assertThat(given).containsExactly("oldest");
        assertThat(limit.rests(oldest)).as("one that comes to rest meanwhile").isFalse();
        first.end();
        assertHeard("first", "second", "third");
        limit.works(other);
        ask(limit, "fourth");
        assertThat(given).containsExactly("oldest");
    }

    /** It was taken for a request before it could be closed: another one goes instead. */
    @Test
    void whatRestsNoMoreIsNotWaitedFor() {
        ConnectionLimit limit = new ConnectionLimit(1);
        ask(limit, "first");
        List<String> given = new ArrayList<>();
        limit.rests(() -> given.add("a"));
        limit.rests(() -> given.add("b"));
        ask(limit, "second");
        limit.makeRoom();
        assertThat(given).containsExactly("a", "b");
    }

    @Test
    void whoWaitsNoMoreGetsNothing() {
        ConnectionLimit limit = new ConnectionLimit(1);
        Permit first = ask(limit, "first");
        Permit second = ask(limit, "second");
        assertThat(loop.submit(second::cancel).syncUninterruptibly().getNow()).isTrue();
        first.end();
        assertHeard("first");
        assertThat(limit.isUnused()).isTrue();
    }

    @Test
    void whoWaitedTooLongIsTold() throws InterruptedException {
        ConnectionLimit limit = new ConnectionLimit(0);
        loop.submit(() ->
                        limit.request(
                                loop,
                                this,
                                1,
                                Duration.ofMillis(1),
                                _ -> heard.add("granted"),
                                () -> heard.add("late")))
                .sync();
        await().until(() -> limit.waiting() == 0);
        assertHeard("late");
        limit.allow(1);
        assertHeard("late");
    }

    @Test
    void moreMayComeAndFewerRest() {
        ConnectionLimit limit = new ConnectionLimit(1);
        ask(limit, "first");
        ask(limit, "second");
        limit.allow(2);
        assertHeard("first", "second");
        List<String> given = new ArrayList<>();
        limit.rests(() -> given.add("a"));
        limit.rests(() -> given.add("b"));
        limit.allow(1);
        assertThat(given).containsExactly("a");
        assertThat(limit.rests(() -> given.add("c"))).as("beyond the limit").isFalse();
    }
}
