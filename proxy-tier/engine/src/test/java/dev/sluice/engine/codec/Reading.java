package dev.sluice.engine.codec;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import dev.sluice.cluster.config.HostPort;
import dev.sluice.cluster.l7.Targets;
import dev.sluice.engine.http.Failure;
import dev.sluice.engine.http.Intake;
import dev.sluice.engine.http.Peer;
import dev.sluice.engine.http.RequestHead;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.embedded.EmbeddedChannel;
import io.netty.handler.codec.http.HttpContent;
import io.netty.handler.codec.http.HttpDecoderConfig;
import io.netty.handler.codec.http.HttpRequest;
import io.netty.handler.codec.http.HttpRequestDecoder;
import io.netty.handler.codec.http.LastHttpContent;
import io.netty.util.ReferenceCountUtil;

import org.jspecify.annotations.Nullable;

import java.util.ArrayList;
import java.util.List;
import java.util.function.IntUnaryOperator;

/**
 * What a decoder makes of some bytes: the requests that are complete, each as {@code METHOD TARGET
 * BODY}, and whether it then refused the rest.
 *
 * @param why it was refused by ours; null if it was not, or not by ours
 * @param where ours began to read the request that it refused or that is not complete, up to the
 *     end
 */
record Reading(List<String> requests, boolean refused, @Nullable Failure why, String where) {
    private static final Peer PEER =
            new Peer(HostPort.parse("203.0.113.9:40000"), HostPort.parse("198.18.0.1:80"), false);
    private static final int LIMIT = 8 << 10;

    /**
     * By ours.
     *
     * @param step how many bytes come at once, given what is left
     */
    static Reading ours(byte[] bytes, IntUnaryOperator step) {
        Ours ours = new Ours();
        for (int at = 0; at < bytes.length; ) {
            int count = step.applyAsInt(bytes.length - at);
            ours.read(Unpooled.wrappedBuffer(bytes, at, count));
            at += count;
        }
        String rest = new String(bytes, ours.began, bytes.length - ours.began, ISO_8859_1);
        return new Reading(List.copyOf(ours.requests), ours.failure != null, ours.failure, rest);
    }

    private static final class Ours {
        final List<String> requests = new ArrayList<>();
        private final RequestParser parser = new RequestParser(LIMIT, LIMIT, 100);
        private final BodyReader reader = new BodyReader(LIMIT, 100);
        private final StringBuilder body = new StringBuilder();
        private boolean inBody;
        private int taken;
        private int counted;

        /** Where the request began that is being read. */
        int began;

        @Nullable Failure failure;

        void read(ByteBuf in) {
            while (in.isReadable() && failure == null) {
                int before = in.readableBytes();
                if (inBody) {
                    body(in);
                } else {
                    head(in);
                }
                taken += before - in.readableBytes();
                began = inBody || failure != null ? began : ended(began);
            }
        }

        private int ended(int before) {
            boolean now = requests.size() > counted;
            counted = requests.size();
            return now ? taken : before;
        }

        private void head(ByteBuf in) {
            if (!parser.read(in)) {
                return;
            }
            failure = parser.failure();
            if (failure != null) {
                return;
            }
            Intake intake =
                    Intake.http1(
                            parser.method(),
                            parser.target(),
                            parser.minor(),
                            parser.fields(),
                            PEER,
                            Targets.DEFAULT);
            switch (intake) {
                case Intake.Refused(Failure why) -> failure = why;
                case Intake.Taken(RequestHead head) -> begin(head.bodyLength());
            }
        }

        private void begin(long length) {
            boolean chunked = length == RequestHead.UNKNOWN_LENGTH;
            reader.begin(chunked ? BodyReader.Framing.CHUNKS : BodyReader.Framing.LENGTH, length);
            inBody = true;
            endBody();
        }

        private void body(ByteBuf in) {
            ByteBuf data = reader.next(in);
            if (data != null) {
                body.append(data.toString(ISO_8859_1));
            }
            failure = reader.failure();
            endBody();
        }

        private void endBody() {
            if (failure == null && reader.isAtEnd()) {
                requests.add(parser.method() + ' ' + parser.target() + ' ' + body);
                body.setLength(0);
                parser.reset();
                inBody = false;
            }
        }
    }

    static Reading netty(byte[] bytes) {
        EmbeddedChannel channel =
                new EmbeddedChannel(
                        new HttpRequestDecoder(
                                new HttpDecoderConfig()
                                        .setMaxInitialLineLength(LIMIT)
                                        .setMaxHeaderSize(LIMIT)
                                        .setStrictLineParsing(true)
                                        .setUseRfc9112TransferEncoding(true)));
        channel.writeInbound(Unpooled.wrappedBuffer(bytes));
        List<String> requests = new ArrayList<>();
        String head = "";
        StringBuilder body = new StringBuilder();
        boolean refused = false;
        for (Object message = channel.readInbound();
                message != null && !refused;
                message = channel.readInbound()) {
            if (message instanceof HttpRequest request) {
                refused = request.decoderResult().isFailure();
                head = request.method().name() + ' ' + request.uri() + ' ';
                body.setLength(0);
            }
            if (message instanceof HttpContent content && !refused) {
                refused = content.decoderResult().isFailure();
                body.append(content.content().toString(ISO_8859_1));
                if (message instanceof LastHttpContent && !refused) {
                    requests.add(head + body);
                }
            }
            ReferenceCountUtil.release(message);
        }
        channel.finishAndReleaseAll();
        return new Reading(List.copyOf(requests), refused, null, "");
    }
}
