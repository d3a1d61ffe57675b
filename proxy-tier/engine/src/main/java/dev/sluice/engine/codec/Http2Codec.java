package dev.sluice.engine.codec;

import dev.sluice.cluster.l7.Listener;

import io.netty.handler.codec.http2.DefaultHttp2Connection;
import io.netty.handler.codec.http2.DefaultHttp2ConnectionDecoder;
import io.netty.handler.codec.http2.DefaultHttp2ConnectionEncoder;
import io.netty.handler.codec.http2.DefaultHttp2FrameReader;
import io.netty.handler.codec.http2.DefaultHttp2HeadersDecoder;
import io.netty.handler.codec.http2.DefaultHttp2RemoteFlowController;
import io.netty.handler.codec.http2.Http2Connection;
import io.netty.handler.codec.http2.Http2ConnectionDecoder;
import io.netty.handler.codec.http2.Http2ConnectionEncoder;
import io.netty.handler.codec.http2.Http2ConnectionHandler;
import io.netty.handler.codec.http2.Http2Exception;
import io.netty.handler.codec.http2.Http2FrameReader;
import io.netty.handler.codec.http2.Http2PromisedRequestVerifier;
import io.netty.handler.codec.http2.Http2Settings;
import io.netty.handler.codec.http2.UniformStreamByteDistributor;

/**
 * The parts of Netty that keep an HTTP/2 connection's state. Its limits on floods are left out:
 * {@link FloodGuard} has them all, counts them, and knows which resets are nobody's fault.
 */
record Http2Codec(
        Http2ConnectionDecoder decoder,
        Http2ConnectionEncoder encoder,
        Http2Settings settings,
        Http2DataWatch sent) {
    /** What a client sends ahead of its first frame. */
    static final int PREFACE_BYTES = 24;

    /** Octets that HTTP/2 counts for each field beside its own (RFC 9113 §6.5.2). */
    private static final int FIELD_OVERHEAD = 32;

    /** A connection's window, in windows of a stream. */
    private static final int STREAMS_PER_WINDOW = 16;

    static final int UPSTREAM_WINDOW_BYTES = 256 << 10;

    private static final int UPSTREAM_HEADER_LIST = 64 << 10;

    static Http2Codec server(Listener listener) {
        return of(
                true,
                new Http2Settings()
                        .maxConcurrentStreams(listener.http2().streams())
                        .initialWindowSize(listener.http2().windowBytes())
                        .maxHeaderListSize(maxHeaderList(listener.limits()))
                        .connectProtocolEnabled(true));
    }

    /** Windows as large as a response may be ahead of its client. */
    static Http2Codec client() {
        return of(
                false,
                new Http2Settings()
                        .pushEnabled(false)
                        .initialWindowSize(UPSTREAM_WINDOW_BYTES)
                        .maxHeaderListSize(UPSTREAM_HEADER_LIST));
    }

    /** Roomier than the limits, so that cookies in pieces fit and refusals can be ours. */
    private static int maxHeaderList(Listener.Limits limits) {
        return 2 * limits.headerBytes() + limits.targetBytes() + FIELD_OVERHEAD * limits.fields();
    }

    static Http2Codec of(boolean server, Http2Settings settings) {
        Http2Connection connection = new DefaultHttp2Connection(server);
        // Weights are deprecated (RFC 9113 §5.3.2), and cost memory that the other side commands.
        connection
                .remote()
                .flowController(
                        new DefaultHttp2RemoteFlowController(
                                connection, new UniformStreamByteDistributor(connection)));
        Http2DataWatch sent = new Http2DataWatch(connection);
        Http2ConnectionEncoder encoder = new DefaultHttp2ConnectionEncoder(connection, sent);
        long maxHeaderList = settings.maxHeaderListSize();
        DefaultHttp2HeadersDecoder heads = new DefaultHttp2HeadersDecoder(true, maxHeaderList);
        try {
            heads.configuration().maxHeaderListSize(maxHeaderList, endOfPatience(maxHeaderList));
        } catch (Http2Exception e) {
            throw new IllegalArgumentException(e);
        }
        Http2FrameReader reader = new DefaultHttp2FrameReader(heads, Integer.MAX_VALUE);
        Http2ConnectionDecoder decoder =
                new DefaultHttp2ConnectionDecoder(
                        connection,
                        encoder,
                        new StrictFrameReader(reader, connection),
                        Http2PromisedRequestVerifier.ALWAYS_VERIFY,
                        true,
                        true,
                        true) {
                    @Override
                    protected long calculateMaxHeaderListSizeGoAway(long max) {
                        return endOfPatience(max);
                    }
                };
        return new Http2Codec(decoder, encoder, settings, sent);
    }

    /** A head that is too large gets an answer; one that is far too large ends the connection. */
    private static long endOfPatience(long maxHeaderList) {
        return 4 * maxHeaderList;
    }

    /** Widens the connection's window from the protocol's default. */
    static void widen(Http2ConnectionHandler handler, int windowBytes) throws Http2Exception {
        Http2Connection connection = handler.connection();
        int have = connection.local().flowController().windowSize(connection.connectionStream());
        int want = windowBytes * STREAMS_PER_WINDOW;
        if (want > have) {
            connection
                    .local()
                    .flowController()
                    .incrementWindowSize(connection.connectionStream(), want - have);
        }
    }
}
