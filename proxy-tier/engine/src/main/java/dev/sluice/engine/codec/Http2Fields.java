package dev.sluice.engine.codec;

import dev.sluice.engine.http.Fields;
import dev.sluice.engine.http.Name;
import dev.sluice.engine.http.Names;

import io.netty.handler.codec.http2.Http2Error;
import io.netty.handler.codec.http2.Http2Exception;
import io.netty.handler.codec.http2.Http2Headers;
import io.netty.util.AsciiString;

import org.jspecify.annotations.Nullable;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.BiConsumer;

/**
 * Fields as HPACK brought them: a view on the decoder's own list, without the pseudo-header fields.
 * Confined to its connection's event loop.
 */
final class Http2Fields implements Fields {
    private static final int COLON_AND_LINE_END = 4;

    /** RFC 9113 §8.2.2: in HTTP/2 these make a message malformed. */
    private static final long OF_CONNECTIONS =
            Names.CONNECTION.bit()
                    | Names.KEEP_ALIVE.bit()
                    | Names.PROXY_CONNECTION.bit()
                    | Names.TRANSFER_ENCODING.bit()
                    | Names.UPGRADE.bit();

    private final Http2Headers headers;

    /** Bits of the known names that are or were there. */
    private long knownBits;

    private int pseudo;
    private int bytes;

    private Http2Fields(Http2Headers headers) {
        this.headers = headers;
    }

    /** Null if one of them is not well-formed (RFC 9113 §8.2). */
    static @Nullable Http2Fields of(Http2Headers headers) {
        Http2Fields fields = new Http2Fields(headers);
        for (Map.Entry<CharSequence, CharSequence> field : headers) {
            if (!fields.take(AsciiString.of(field.getKey()), field.getValue())) {
                return null;
            }
        }
        boolean odd = (fields.knownBits & OF_CONNECTIONS) != 0;
        return odd || !fields.mayHaveTe() ? null : fields;
    }

    /** The name of the first that is not well-formed; empty if each by itself is. */
    static String firstOdd(Http2Headers headers) {
        Http2Fields fields = new Http2Fields(headers);
        for (Map.Entry<CharSequence, CharSequence> field : headers) {
            if (!fields.take(AsciiString.of(field.getKey()), field.getValue())
                    || (fields.knownBits & OF_CONNECTIONS) != 0) {
                return field.getKey().toString();
            }
        }
        return "";
    }

    /** RFC 9113 §8.1.1: a malformed message is an error of its stream. */
    static Http2Exception malformed(int streamId) {
        return Http2Exception.streamError(
                streamId, Http2Error.PROTOCOL_ERROR, "The message is malformed.");
    }

    private boolean take(AsciiString name, CharSequence value) {
        if (isPseudo(name)) {
            pseudo++;
            return isValue(value);
        }
        int hash = 0;
        for (int i = 0; i < name.length(); i++) {
            byte octet = name.byteAt(i);
            if (!Octets.isToken(octet) || (octet >= 'A' && octet <= 'Z')) {
                return false;
            }
            hash = Name.hash(hash, octet);
        }
        Name known = Names.find(name.array(), name.arrayOffset(), name.length(), hash);
        knownBits |= known == null ? 0 : known.bit();
        bytes += name.length() + value.length() + COLON_AND_LINE_END;
        return !name.isEmpty() && isValue(value);
    }

    /** RFC 9113 §8.2.1: no line ends, no control octets, no space around. */
    private static boolean isValue(CharSequence value) {
        int length = value.length();
        for (int i = 0; i < length; i++) {
            if (!Octets.isInLine((byte) value.charAt(i))) {
                return false;
            }
        }
        return length == 0 || !(isSpace(value.charAt(0)) || isSpace(value.charAt(length - 1)));
    }

    private static boolean isSpace(char c) {
        return c == ' ' || c == '\t';
    }

    private boolean mayHaveTe() {
        return (knownBits & Names.TE.bit()) == 0
                || all(Names.TE).stream().allMatch("trailers"::equalsIgnoreCase);
    }

    static boolean isPseudo(CharSequence name) {
        return !name.isEmpty() && name.charAt(0) == ':';
    }

    /** How many there are; the pieces of a cookie count as one. */
    int lines() {
        int cookies = (knownBits & Names.COOKIE.bit()) == 0 ? 0 : count(Names.COOKIE);
        return headers.size() - pseudo - Math.max(0, cookies - 1);
    }

    /** What they would take as lines of HTTP/1.1. */
    int bytes() {
        return bytes;
    }

    @Override
    public @Nullable String get(Name name) {
        CharSequence value = headers.get(name.octets());
        return value == null ? null : value.toString();
    }

    @Override
    public List<String> all(Name name) {
        List<String> values = new ArrayList<>();
        headers.getAll(name.octets()).forEach(value -> values.add(value.toString()));
        return values;
    }

    @Override
    public int count(Name name) {
        boolean known = name.bit() != 0;
        if (known && (knownBits & name.bit()) == 0) {
            return 0;
        }
        return headers.getAll(name.octets()).size();
    }

    @Override
    public boolean mayHaveAnyOf(long bits) {
        return (knownBits & bits) != 0;
    }

    @Override
    public void set(Name name, String value) {
        knownBits |= name.bit();
        headers.set(name.octets(), value);
    }

    @Override
    public void add(Name name, String value) {
        knownBits |= name.bit();
        headers.add(name.octets(), value);
    }

    @Override
    public void remove(Name name) {
        headers.remove(name.octets());
    }

    @Override
    public boolean isEmpty() {
        return headers.size() == pseudo;
    }

    @Override
    public List<Name> namesStarting(String lowerPrefix) {
        List<Name> found = new ArrayList<>();
        for (CharSequence name : headers.names()) {
            if (AsciiString.of(name).startsWith(lowerPrefix)) {
                found.add(Name.of(name.toString()));
            }
        }
        return found;
    }

    @Override
    public void forEach(BiConsumer<String, String> action) {
        for (Map.Entry<CharSequence, CharSequence> field : headers) {
            if (!isPseudo(field.getKey())) {
                action.accept(field.getKey().toString(), field.getValue().toString());
            }
        }
    }

    /** As the codec has them: for messages that stay in HTTP/2. */
    void copyTo(Http2Headers other) {
        for (Map.Entry<CharSequence, CharSequence> field : headers) {
            if (!isPseudo(field.getKey())) {
                other.add(field.getKey(), field.getValue());
            }
        }
    }

    @Override
    public String toString() {
        return headers.toString();
    }
}
