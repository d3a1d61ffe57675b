package dev.sluice.engine.codec;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.cluster.config.HostPort;
import dev.sluice.cluster.l7.L7Config;
import dev.sluice.cluster.l7.Listener;
import dev.sluice.engine.http.ClientStream;
import dev.sluice.engine.http.Failure;
import dev.sluice.engine.http.Fields;
import dev.sluice.engine.http.Peer;
import dev.sluice.engine.http.RequestHandler;
import dev.sluice.engine.http.RequestHead;
import dev.sluice.engine.http.RequestSink;
import dev.sluice.engine.http.Slowness;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.embedded.EmbeddedChannel;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

final class Http1ServerTest {
    private static final String GET = "GET /%d HTTP/1.1\r\nHost: test\r\n\r\n";

    private final List<String> requests = new ArrayList<>();
    private final EmbeddedChannel channel = new EmbeddedChannel();

    @BeforeEach
    void install() {
        Peer peer =
                new Peer(
                        HostPort.parse("203.0.113.9:40000"),
                        HostPort.parse("198.18.0.1:80"),
                        false);
        Http1Server.install(
                channel, peer, new ServerEnvironment(listener(), new Answering(), new Alone()));
        channel.pipeline().fireChannelActive();
    }

    @AfterEach
    void close() {
        channel.finishAndReleaseAll();
    }

    @Test
    void aClientThatReadsNothingGetsNoFurtherResponsesMade() {
        channel.unsafe().outboundBuffer().setUserDefinedWritability(1, false);
        send(GET.formatted(1) + GET.formatted(2));
        assertThat(requests).isEmpty();
        assertThat(channel.config().isAutoRead()).isFalse();
        channel.unsafe().outboundBuffer().setUserDefinedWritability(1, true);
        channel.runPendingTasks();
        assertThat(requests).containsExactly("/1", "/2");
        assertThat(channel.config().isAutoRead()).isTrue();
    }

    @Test
    void pipelinedRequestsTakeTurns() {
        send(GET.formatted(1) + GET.formatted(2) + GET.formatted(3));
        assertThat(requests).containsExactly("/1", "/2", "/3");
        assertThat(written().split("404 no-route\n", -1)).hasSize(4);
    }

    private void send(String text) {
        channel.writeInbound(Unpooled.copiedBuffer(text, StandardCharsets.ISO_8859_1));
    }

    private String written() {
        StringBuilder text = new StringBuilder();
        for (ByteBuf out = channel.readOutbound(); out != null; out = channel.readOutbound()) {
            text.append(out.toString(StandardCharsets.ISO_8859_1));
            out.release();
        }
        return text.toString();
    }

    private static Listener listener() {
        return L7Config.parse(
                        "test.yaml", "listeners: [{name: web, addresses: [\"198.18.0.1:80\"]}]")
                .orElseThrow()
                .listeners()
                .getFirst();
    }

    /** Refuses each request at once. */
    private final class Answering implements RequestHandler {
        @Override
        public RequestSink onRequest(RequestHead head, Peer peer, ClientStream client) {
            requests.add(head.path());
            client.fail(Failure.NO_ROUTE);
            return new Deaf();
        }

        @Override
        public void onRefused(Failure why, Peer peer) {
            requests.add(why.reason());
        }
    }

    private static final class Deaf implements RequestSink {
        @Override
        public void onData(ByteBuf data) {
            data.release();
        }

        @Override
        public void onEnd(Fields trailers) {}

        @Override
        public void onAbort(Failure why) {}

        @Override
        public void onWritable() {}

        @Override
        public void onReadComplete() {}
    }

    private static final class Alone implements ServerEnvironment.Household {
        @Override
        public boolean isDraining() {
            return false;
        }

        @Override
        public boolean takesConnections() {
            return true;
        }

        @Override
        public boolean takesRequests() {
            return true;
        }

        @Override
        public void opened(ClientConnection connection) {}

        @Override
        public void closed(ClientConnection connection) {}

        @Override
        public void left(Peer.Socket client) {}

        @Override
        public void onRefused(dev.sluice.engine.http.Refusal why) {}

        @Override
        public void onStapleOverdue() {}

        @Override
        public void onMalformed(dev.sluice.engine.capture.Capture capture) {}

        @Override
        public void onFlood(dev.sluice.engine.http.Flood kind) {}

        @Override
        public void onSlow(Slowness kind) {}
    }
}
