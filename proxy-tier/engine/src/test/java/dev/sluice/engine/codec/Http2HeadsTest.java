package dev.sluice.engine.codec;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.engine.http.Fields;
import dev.sluice.engine.http.ListFields;
import dev.sluice.engine.http.Names;
import dev.sluice.engine.http.RequestHead;

import io.netty.channel.embedded.EmbeddedChannel;
import io.netty.handler.codec.http2.DefaultHttp2Headers;
import io.netty.handler.codec.http2.Http2Headers;

import org.junit.jupiter.api.Test;

import java.util.Objects;

/** Heads as HTTP/2 writes them. */
final class Http2HeadsTest {
    private static RequestHead head(Fields fields, String upgrade) {
        return new RequestHead(
                upgrade.isEmpty() ? "POST" : "GET",
                false,
                "test",
                "test",
                "/",
                "",
                fields,
                upgrade.isEmpty() ? RequestHead.UNKNOWN_LENGTH : 0,
                upgrade);
    }

    private static Fields fields() {
        return ListFields.of("host", "test", "te", "trailers", "x-kept", "yes");
    }

    private static Fields http2Fields() {
        Http2Headers headers = new DefaultHttp2Headers();
        headers.add("te", "trailers").add("x-kept", "yes");
        return Objects.requireNonNull(Http2Fields.of(headers));
    }

    /** As an attempt at an endpoint of HTTP/1.1 leaves it. */
    private static Http2Headers secondAttempt(RequestHead head) {
        EmbeddedChannel first = new EmbeddedChannel();
        new RequestWriter(first).head(head);
        assertThat(head.fields().get(Names.CONNECTION)).isNotNull();
        first.flush();
        first.finishAndReleaseAll();
        return Http2Heads.request(head);
    }

    private static void assertFitForHttp2(Http2Headers headers) {
        assertThat(headers.names())
                .map(CharSequence::toString)
                .doesNotContain("connection", "upgrade", "transfer-encoding", "host")
                .contains("te", "x-kept");
    }

    @Test
    void anAttemptOverHttp1LeavesNothingOfItsConnection() {
        assertFitForHttp2(secondAttempt(head(fields(), "")));
        assertFitForHttp2(secondAttempt(head(http2Fields(), "")));
    }

    @Test
    void neitherDoesOneAtATunnel() {
        Http2Headers headers = secondAttempt(head(fields(), "websocket"));
        assertFitForHttp2(headers);
        assertThat(headers.method()).hasToString("CONNECT");
        assertThat(headers.get(":protocol")).hasToString("websocket");
        assertFitForHttp2(secondAttempt(head(http2Fields(), "websocket")));
    }
}
