package dev.sluice.engine.exchange;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.cluster.l7.L7Config;
import dev.sluice.cluster.l7.route.Route;
import dev.sluice.engine.buffer.BufferStore;
import dev.sluice.engine.http.ClientStream;
import dev.sluice.engine.http.Failure;
import dev.sluice.engine.http.Fields;
import dev.sluice.engine.http.ListFields;
import dev.sluice.engine.http.RequestHead;
import dev.sluice.engine.http.ResponseHead;
import dev.sluice.engine.http.ResponseSink;
import dev.sluice.engine.http.UpstreamStream;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.EventLoop;
import io.netty.channel.embedded.EmbeddedChannel;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.AbstractExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;

/** A disk that works when it is told to, a client and an endpoint that say what they hear. */
final class BufferedBodyTest {
    private static final int KIB = 1 << 10;
    private static final Fields NONE = new ListFields();

    @TempDir Path directory;
    private final EmbeddedChannel channel = new EmbeddedChannel();
    private final Disk disk = new Disk();
    private final List<String> heard = new ArrayList<>();
    private final Endpoint endpoint = new Endpoint();
    private BufferStore store;
    private BufferedBody body;

    @BeforeEach
    void makeStore() {
        store = new BufferStore(directory, disk);
        body = of(new Route.Buffer(4 * KIB, 16 * KIB, Route.Beyond.REFUSE));
    }

    @AfterEach
    void nothingIsLeft() {
        body.release();
        disk.work();
        assertThat(store.use().memoryBytes()).isZero();
        assertThat(store.use().fileBytes()).isZero();
        assertThat(store.use().files()).isZero();
    }

    private BufferedBody of(Route.Buffer limits) {
        return new BufferedBody(
                limits,
                store,
                store.share(new L7Config.Buffers(1 << 20, 1 << 20)),
                new Client(),
                new BufferedBody.Owner() {
                    @Override
                    public void onCollected() {
                        heard.add("collected");
                    }

                    @Override
                    public void onUnkept(Failure why) {
                        heard.add(why.reason());
                    }
                });
    }

    private void data(char letter, int bytes) {
        body.onData(
                Unpooled.copiedBuffer(
                        String.valueOf(letter).repeat(bytes), StandardCharsets.US_ASCII));
    }

    @Test
    void whatFitsIntoMemoryNeedsNoDisk() {
        data('a', 4 * KIB);
        body.onEnd(NONE);
        body.sendTo(endpoint);
        assertThat(disk.work()).isZero();
        assertThat(heard).containsExactly("collected", "resume");
        assertThat(endpoint.got).hasToString("a".repeat(4 * KIB));
        assertThat(endpoint.ended).isTrue();
    }

    @Test
    void theClientWaitsForADiskThatDoesNotKeepUp() {
        data('a', 5 * KIB);
        assertThat(heard).as("one piece is on its way").isEmpty();
        data('b', 5 * KIB);
        assertThat(heard).as("and another one is full").containsExactly("pause");
        disk.workOnce();
        assertThat(heard).as("which is on its way now").containsExactly("pause");
        disk.work();
        assertThat(heard).containsExactly("pause", "resume");
        data('c', KIB);
        body.onEnd(NONE);
        body.sendTo(endpoint);
        disk.work();
        assertThat(endpoint.got)
                .hasToString("a".repeat(5 * KIB) + "b".repeat(5 * KIB) + "c".repeat(KIB));
        assertThat(endpoint.ended).isTrue();
    }

    @Test
    void theFileIsReadAsFastAsTheEndpointTakesIt() {
        data('a', 10 * KIB);
        disk.work();
        body.onEnd(NONE);
        endpoint.writable = false;
        body.sendTo(endpoint);
        assertThat(disk.work()).isZero();
        assertThat(endpoint.got).isEmpty();
        endpoint.writable = true;
        body.onUpstreamWritable();
        disk.work();
        assertThat(endpoint.got).hasSize(10 * KIB);
        assertThat(endpoint.ended).isTrue();
    }

    @Test
    void theEndWaitsForWhatIsStillOnItsWayToTheDisk() {
        data('a', 10 * KIB);
        body.onEnd(NONE);
        body.sendTo(endpoint);
        assertThat(endpoint.ended).isFalse();
        disk.work();
        assertThat(endpoint.got).hasSize(10 * KIB);
        assertThat(endpoint.ended).isTrue();
    }

    @Test
    void whatIsInTheFileWaitsForWhatFollowsIt() {
        data('a', 10 * KIB);
        disk.work();
        data('b', 10 * KIB);
        body.onEnd(NONE);
        body.sendTo(endpoint);
        assertThat(endpoint.got).isEmpty();
        disk.work();
        assertThat(endpoint.got).hasToString("a".repeat(10 * KIB) + "b".repeat(10 * KIB));
        assertThat(endpoint.ended).isTrue();
    }

    @Test
    void aReadForAnEndpointThatIsGoneReachesNoOther() {
        data('a', 10 * KIB);
        disk.work();
        body.onEnd(NONE);
        body.sendTo(endpoint);
        body.detach();
        Endpoint next = new Endpoint();
        body.sendTo(next);
        disk.work();
        assertThat(endpoint.got).isEmpty();
        assertThat(next.got).hasToString("a".repeat(10 * KIB));
        assertThat(next.ended).isTrue();
    }

    @Test
    void beyondItsBoundsItIsRefused() {
        data('a', 16 * KIB);
        disk.work();
        data('b', 4 * KIB);
        assertThat(heard).containsExactly("resume");
        data('c', 1);
        assertThat(heard).containsExactly("resume", "body-too-large");
    }

    @Test
    void whatIsStreamedCannotBeRepeated() {
        body = of(new Route.Buffer(4 * KIB, 0, Route.Beyond.STREAM));
        data('a', 5 * KIB);
        assertThat(heard).containsExactly("pause", "collected");
        assertThat(body.isRepeatable()).isTrue();
        body.sendTo(endpoint);
        assertThat(heard).containsExactly("pause", "collected", "resume");
        assertThat(body.isRepeatable()).isFalse();
        assertThat(store.use().memoryBytes()).isZero();
        data('b', KIB);
        body.onEnd(NONE);
        assertThat(endpoint.got).hasSize(6 * KIB);
        assertThat(endpoint.ended).isTrue();
    }

    @Test
    void anAnswerFreesWhatWasKept() {
        data('a', 10 * KIB);
        disk.work();
        body.onEnd(NONE);
        body.sendTo(endpoint);
        disk.work();
        assertThat(store.use().files()).isEqualTo(1);
        body.onAnswered();
        disk.work();
        assertThat(store.use().files()).isZero();
    }

    @Test
    void aReleaseWaitsForTheDisk() {
        data('a', 10 * KIB);
        body.release();
        assertThat(disk.work()).as("the write, and the end of the file").isEqualTo(2);
        assertThat(store.use().files()).isZero();
    }

    /** Runs on the test's thread; the event loop's tasks run in between. */
    private final class Disk extends AbstractExecutorService {
        private final Queue<Runnable> waiting = new ArrayDeque<>();

        boolean workOnce() {
            Runnable next = waiting.poll();
            if (next != null) {
                next.run();
            }
            channel.runPendingTasks();
            return next != null;
        }

        int work() {
            int done = 0;
            while (workOnce()) {
                done++;
            }
            return done;
        }

        @Override
        public void execute(Runnable command) {
            waiting.add(command);
        }

        @Override
        public void shutdown() {}

        @Override
        public List<Runnable> shutdownNow() {
            return List.of();
        }

        @Override
        public boolean isShutdown() {
            return false;
        }

        @Override
        public boolean isTerminated() {
            return false;
        }

        @Override
        public boolean awaitTermination(long timeout, TimeUnit unit) {
            return true;
        }
    }

    private final class Client implements ClientStream {
        @Override
        public EventLoop loop() {
            return channel.eventLoop();
        }

        @Override
        public void inform(ResponseHead head) {}

        @Override
        public void respond(ResponseHead head) {}

        @Override
        public void data(ByteBuf data) {}

        @Override
        public void end(Fields trailers) {}

        @Override
        public void flush() {}

        @Override
        public void fail(Failure failure, Consumer<Fields> page) {}

        @Override
        public boolean isWritable() {
            return true;
        }

        @Override
        public void pause() {
            heard.add("pause");
        }

        @Override
        public void resume() {
            heard.add("resume");
        }
    }

    private static final class Endpoint implements UpstreamStream {
        private final StringBuilder got = new StringBuilder();
        private boolean writable = true;
        private boolean ended;

        @Override
        public boolean isAnswered() {
            return false;
        }

        @Override
        public boolean mayBeStale() {
            return false;
        }

        @Override
        public void open(RequestHead head, ResponseSink sink) {}

        @Override
        public void data(ByteBuf data) {
            got.append(data.toString(StandardCharsets.US_ASCII));
            data.release();
        }

        @Override
        public void end(Fields trailers) {
            ended = true;
        }

        @Override
        public void flush() {}

        @Override
        public boolean isWritable() {
            return writable;
        }

        @Override
        public void pause() {}

        @Override
        public void resume() {}

        @Override
        public void abort() {}
    }
}
