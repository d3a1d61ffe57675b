package dev.sluice.engine;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.handler.codec.http2.DefaultHttp2HeadersDecoder;
import io.netty.handler.codec.http2.Http2Exception;
import io.netty.handler.codec.http2.Http2Headers;

import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Optional;
import java.util.function.Predicate;

/**
 * One end of an HTTP/2 connection, frame by frame: sends what it is told, however wrong, and
 * answers only SETTINGS and PING by itself.
 */
final class H2Wire implements AutoCloseable {
    static final int DATA = 0;
    static final int HEADERS = 1;
    static final int PRIORITY = 2;
    static final int RST_STREAM = 3;
    static final int SETTINGS = 4;
    static final int PING = 6;
    static final int GOAWAY = 7;
    static final int WINDOW_UPDATE = 8;
    static final int CONTINUATION = 9;

    /** A setting. */
    static final int MAX_STREAMS = 3;

    static final int END_STREAM = 1;
    static final int ACK = 1;
    static final int END_HEADERS = 4;

    static final int NO_ERROR = 0;
    static final int PROTOCOL_ERROR = 1;
    static final int INTERNAL_ERROR = 2;
    static final int STREAM_CLOSED = 5;
    static final int REFUSED_STREAM = 7;
    static final int CANCEL = 8;
    static final int ENHANCE_YOUR_CALM = 11;

    private static final String PREFACE = "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n";

    private final Wire wire;
    private final DefaultHttp2HeadersDecoder decoder = new DefaultHttp2HeadersDecoder(false);

    /** Read, but not asked for yet. */
    private final Deque<Frame> waiting = new ArrayDeque<>();

    /** Whether SETTINGS and PING are acknowledged. */
    boolean answers = true;

    H2Wire(Wire wire) {
        this.wire = wire;
    }

    /** A frame as it came; the fields of heads are decoded. */
    record Frame(int type, int flags, int stream, byte[] payload, List<String> fields) {
        boolean ends() {
            return (flags & END_STREAM) != 0 && (type == DATA || type == HEADERS);
        }

        String field(String name) {
            return fields.stream()
                    .filter(field -> field.startsWith(name + ": "))
                    .map(field -> field.substring(name.length() + 2))
                    .findFirst()
                    .orElse("");
        }

        int word(int at) {
            return ByteBuffer.wrap(payload).getInt(at);
        }

        String text() {
            return new String(payload, StandardCharsets.ISO_8859_1);
        }
    }

    /** What came of a stream until it ended or was reset. */
    record Reply(List<Frame> frames) {
        Frame head() {
            return frames.stream()
                    .filter(f -> f.type == HEADERS && !f.field(":status").startsWith("1"))
                    .findFirst()
                    .orElseThrow(() -> new AssertionError("no head: " + frames));
        }

        int status() {
            return Integer.parseInt(head().field(":status"));
        }

        String field(String name) {
            return head().field(name);
        }

        String text() {
            StringBuilder text = new StringBuilder();
            frames.stream().filter(f -> f.type == DATA).forEach(f -> text.append(f.text()));
            return text.toString();
        }

        List<String> trailers() {
            Frame last = frames.getLast();
            return last.type == HEADERS && last.field(":status").isEmpty()
                    ? last.fields
                    : List.of();
        }

        /** The error code if it was reset. */
        Optional<Integer> reset() {
            return frames.stream()
                    .filter(f -> f.type == RST_STREAM)
                    .map(f -> f.word(0))
                    .findFirst();
        }
    }

    static H2Wire connect(int port) {
        return over(Wire.connect(port));
    }

    /** As a client: preface and empty SETTINGS. */
    static H2Wire over(Wire wire) {
        wire.send(PREFACE);
        H2Wire h2 = new H2Wire(wire);
        h2.send(SETTINGS, 0, 0);
        return h2;
    }

    /** As a server: reads the preface, sends SETTINGS of id and value in turn. */
    static H2Wire serve(Wire wire, int... settings) {
        wire.readBytes(PREFACE.length());
        H2Wire h2 = new H2Wire(wire);
        h2.settings(settings);
        return h2;
    }

    Wire wire() {
        return wire;
    }

    // ---- sending

    static byte[] frame(int type, int flags, int stream, byte... payload) {
        return ByteBuffer.allocate(9 + payload.length)
                .put((byte) (payload.length >> 16))
                .putShort((short) payload.length)
                .put((byte) type)
                .put((byte) flags)
                .putInt(stream)
                .put(payload)
                .array();
    }

    void send(int type, int flags, int stream, byte... payload) {
        wire.send(frame(type, flags, stream, payload));
    }

    /** Sends the same bytes many times over, in few writes. */
    void flood(int times, byte... frame) {
        ByteArrayOutputStream all = new ByteArrayOutputStream();
        for (int i = 0; i < times; i++) {
            all.writeBytes(frame);
        }
        wire.send(all.toByteArray());
    }

    void settings(int... idsAndValues) {
        ByteBuffer payload = ByteBuffer.allocate(idsAndValues.length * 3);
        for (int i = 0; i < idsAndValues.length; i += 2) {
            payload.putShort((short) idsAndValues[i]).putInt(idsAndValues[i + 1]);
        }
        send(SETTINGS, 0, 0, payload.array());
    }

    /** Fields as literals, never indexed, never Huffman: names and values in turn. */
    static byte[] block(String... fields) {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        for (int i = 0; i < fields.length; i += 2) {
            out.write(0);
            literal(out, fields[i]);
            literal(out, fields[i + 1]);
        }
        return out.toByteArray();
    }

    private static void literal(ByteArrayOutputStream out, String text) {
        int length = text.length();
        if (length < 127) {
            out.write(length);
        } else {
            out.write(127);
            int rest = length - 127;
            for (; rest >= 128; rest >>= 7) {
                out.write((rest & 127) | 128);
            }
            out.write(rest);
        }
        out.writeBytes(text.getBytes(StandardCharsets.ISO_8859_1));
    }

    void head(int stream, boolean ends, String... fields) {
        send(HEADERS, END_HEADERS | (ends ? END_STREAM : 0), stream, block(fields));
    }

    /** A request with the usual pseudo-header fields, and more of the others. */
    void request(int stream, String method, String path, boolean ends, String... fields) {
        List<String> all =
                new ArrayList<>(
                        List.of(
                                ":method",
                                method,
                                ":scheme",
                                "http",
                                ":authority",
                                "test",
                                ":path",
                                path));
        all.addAll(List.of(fields));
        head(stream, ends, all.toArray(String[]::new));
    }

    void get(int stream, String path, String... fields) {
        request(stream, "GET", path, true, fields);
    }

    void data(int stream, boolean ends, String text) {
        send(DATA, ends ? END_STREAM : 0, stream, text.getBytes(StandardCharsets.ISO_8859_1));
    }

    void reset(int stream, int code) {
        send(RST_STREAM, 0, stream, word(code));
    }

    void window(int stream, int bytes) {
        send(WINDOW_UPDATE, 0, stream, word(bytes));
    }

    static byte[] word(int value) {
        return ByteBuffer.allocate(4).putInt(value).array();
    }

    // ---- reading

    /** The next frame that is wanted; others wait for their turn. */
    Frame await(Predicate<Frame> wanted) {
        for (Frame frame : waiting) {
            if (wanted.test(frame)) {
                waiting.remove(frame);
                return frame;
            }
        }
        while (true) {
            Frame frame = read();
            if (wanted.test(frame)) {
                return frame;
            }
            waiting.add(frame);
        }
    }

    /** The next frame that is wanted and came already, or comes before it is quiet for a while. */
    Optional<Frame> poll(Predicate<Frame> wanted) {
        Optional<Frame> found = waiting.stream().filter(wanted).findFirst();
        while (found.isEmpty() && wire.hasBytesWithin(300)) {
            waiting.add(read());
            found = waiting.stream().filter(wanted).findFirst();
        }
        found.ifPresent(waiting::remove);
        return found;
    }

    Frame await(int type) {
        return await(frame -> frame.type == type);
    }

    Frame awaitHead(int stream) {
        return await(frame -> frame.type == HEADERS && frame.stream == stream);
    }

    Reply reply(int stream) {
        List<Frame> frames = new ArrayList<>();
        while (true) {
            Frame next =
                    await(f ->
                            f.stream == stream
                                    && (f.type == DATA
                                            || f.type == HEADERS
                                            || f.type == RST_STREAM));
            frames.add(next);
            if (next.ends() || next.type == RST_STREAM) {
                return new Reply(frames);
            }
        }
    }

    /** A request's body, to its end. */
    String body(int stream) {
        StringBuilder text = new StringBuilder();
        for (Frame next = null; next == null || !next.ends(); ) {
            next = await(f -> f.stream == stream && (f.type == DATA || f.type == HEADERS));
            if (next.type == DATA) {
                text.append(next.text());
            }
        }
        return text.toString();
    }

    private Frame read() {
        ByteBuffer header = ByteBuffer.wrap(wire.readBytes(9));
        int length = (header.get() & 0xff) << 16 | (header.getShort() & 0xffff);
        int type = header.get();
        int flags = header.get();
        int stream = header.getInt();
        byte[] payload = wire.readBytes(length);
        if (type == SETTINGS && (flags & ACK) == 0 && answers) {
            send(SETTINGS, ACK, 0);
        }
        if (type == PING && (flags & ACK) == 0 && answers) {
            send(PING, ACK, 0, payload);
        }
        List<String> fields = type == HEADERS ? fields(stream, payload) : List.of();
        return new Frame(type, flags, stream, payload, fields);
    }

    private List<String> fields(int stream, byte[] payload) {
        ByteBuf block = Unpooled.wrappedBuffer(payload);
        try {
            Http2Headers headers = decoder.decodeHeaders(stream, block);
            List<String> fields = new ArrayList<>();
            headers.forEach(field -> fields.add(field.getKey() + ": " + field.getValue()));
            return fields;
        } catch (Http2Exception e) {
            throw new AssertionError(e);
        }
    }

    /** The code of the GOAWAY that ends the connection, which must be closed behind it. */
    int goAwayAndEnd() {
        Frame last = await(GOAWAY);
        while (!isEnded()) {
            last = waiting.removeLast();
        }
        return last.word(4);
    }

    private boolean isEnded() {
        try {
            Frame next = await(frame -> true);
            if (next.type == GOAWAY) {
                waiting.add(next);
                return false;
            }
            return isEnded();
        } catch (java.io.UncheckedIOException e) {
            return true;
        }
    }

    @Override
    public void close() {
        wire.close();
    }
}
