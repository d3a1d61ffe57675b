package dev.sluice.engine.codec;

import dev.sluice.engine.capture.Excerpt;
import dev.sluice.engine.http.Failure;
import dev.sluice.engine.http.Fields;
import dev.sluice.engine.http.HopByHop;
import dev.sluice.engine.http.RequestHead;
import dev.sluice.engine.http.ResponseHead;

import io.netty.buffer.ByteBuf;

import org.jspecify.annotations.Nullable;

import java.util.Objects;

/**
 * Reads the responses of a connection to an endpoint, each as what it answers makes it be read.
 * Confined to its event loop.
 */
final class ResponseReader {
    private static final int MAX_TRAILER_BYTES = 64 << 10;
    private static final int MAX_TRAILERS = 1_000;

    /** What a piece of what was read came to. */
    enum Event {
        /** It is read to its end, and more is needed. */
        MORE,
        /** An informational head is there; another one follows. */
        INFORM,
        HEAD,
        DATA,
        /** The response is complete. */
        END,
        /** It is no response that can be passed on. */
        INVALID
    }

    private enum Place {
        HEAD,
        BODY,
        TUNNEL
    }

    private final ResponseParser parser = new ResponseParser();
    private final BodyReader body = new BodyReader(MAX_TRAILER_BYTES, MAX_TRAILERS);
    private Place place = Place.HEAD;
    private boolean informed;
    private boolean lives;
    private @Nullable RequestHead request;
    private @Nullable ResponseHead head;
    private @Nullable ByteBuf data;
    private Excerpt excerpt = Excerpt.NONE;

    /** For the response to the request. */
    void begin(RequestHead asked) {
        request = asked;
        head = null;
        informed = false;
        lives = true;
        place = Place.HEAD;
        parser.reset();
    }

    /** Takes the next piece from the buffer. */
    Event read(ByteBuf in) {
        return switch (place) {
            case HEAD -> readHead(in);
            case BODY -> readBody(in);
            case TUNNEL -> {
                data = in.readRetainedSlice(in.readableBytes());
                yield Event.DATA;
            }
        };
    }

    private Event readHead(ByteBuf in) {
        if (informed) {
            informed = false;
            parser.reset();
        }
        if (!parser.read(in)) {
            return Event.MORE;
        }
        RequestHead asked = Objects.requireNonNull(request);
        ResponseHead read = parser.failure() == null ? parser.head(asked) : null;
        if (read == null) {
            excerpt = parser.excerpt(Failure.BAD_RESPONSE);
            return Event.INVALID;
        }
        head = read;
        if (read.isInformational()) {
            informed = true;
            return Event.INFORM;
        }
        lives = parser.staysOpen();
        if (read.status() == 101) {
            place = Place.TUNNEL;
        } else {
            place = Place.BODY;
            body.begin(parser.framing(read, asked), read.bodyLength());
        }
        return Event.HEAD;
    }

    private Event readBody(ByteBuf in) {
        int from = in.readerIndex();
        data = body.next(in);
        if (body.failure() != null) {
            excerpt = body.excerpt(in, from);
            return Event.INVALID;
        }
        if (data != null) {
            return Event.DATA;
        }
        if (!body.isAtEnd()) {
            return Event.MORE;
        }
        return Event.END;
    }

    /** After {@link Event#INFORM} or {@link Event#HEAD}; valid until the next head. */
    ResponseHead head() {
        return Objects.requireNonNull(head);
    }

    /** After {@link Event#INVALID}. */
    Excerpt excerpt() {
        return excerpt;
    }

    /** After {@link Event#DATA}: the caller owns it. */
    ByteBuf data() {
        return Objects.requireNonNull(data);
    }

    boolean isAtEnd() {
        return place == Place.BODY && body.isAtEnd();
    }

    boolean isTunnel() {
        return place == Place.TUNNEL;
    }

    /** Whether the connection can take another request after this response. */
    boolean connectionLives() {
        return lives && !body.endsWithConnection();
    }

    /** The end of the connection came; true if it is the end of the response, and not early. */
    boolean endsWithConnection() {
        if (place != Place.BODY || !body.endsWithConnection()) {
            return false;
        }
        body.begin(BodyReader.Framing.NONE, 0);
        return true;
    }

    /** Of a complete response, without those that must not come there. */
    Fields trailers() {
        HopByHop.dropFromTrailers(body.trailers());
        return body.trailers();
    }
}
