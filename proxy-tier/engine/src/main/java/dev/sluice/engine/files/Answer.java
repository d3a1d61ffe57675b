package dev.sluice.engine.files;

import dev.sluice.engine.http.Failure;
import dev.sluice.engine.http.Fields;
import dev.sluice.engine.http.ListFields;
import dev.sluice.engine.http.Name;
import dev.sluice.engine.http.Names;
import dev.sluice.engine.http.ResponseHead;

import org.jspecify.annotations.Nullable;

import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ThreadLocalRandom;

/** What a request gets. */
sealed interface Answer {

    /** No file, with the reason. */
    record Refused(Failure why) implements Answer {}

    /**
     * A head, and perhaps what follows it.
     *
     * @param file that the extents are of, which the owner releases; null if there are none
     * @param end what comes behind them
     */
    record Made(ResponseHead head, @Nullable OpenFile file, List<Extent> extents, byte[] end)
            implements Answer {
        static Made bare(int status, Fields fields) {
            if (status != 304) {
                fields.add(Names.CONTENT_LENGTH, "0");
            }
            return new Made(new ResponseHead(status, "", fields, 0), null, List.of(), NOTHING);
        }
    }

    /**
     * A part of the file. Units: bytes.
     *
     * @param before what is sent ahead of it
     */
    record Extent(byte[] before, long from, long length) {}

    byte[] NOTHING = {};
    Name ACCEPT_RANGES = Name.of("accept-ranges");
    Name DATE = Name.of("date");
    Name LAST_MODIFIED = Name.of("last-modified");

    /** What is said of a file whatever becomes of the request. */
    static Fields fields(Version version, @Nullable String cacheControl, Instant now) {
        Fields fields = new ListFields();
        fields.add(DATE, Version.date(now));
        fields.add(Names.ETAG, version.tag());
        fields.add(LAST_MODIFIED, Version.date(version.modified()));
        if (cacheControl != null) {
            fields.add(Names.CACHE_CONTROL, cacheControl);
        }
        return fields;
    }

    /**
     * Of a file, or parts of it.
     *
     * @param fields of the answer so far
     */
    static Made of(OpenFile file, Version version, String type, Ranges ranges, Fields fields) {
        fields.add(ACCEPT_RANGES, "bytes");
        return switch (ranges) {
            case Ranges.Whole _ -> {
                fields.add(Names.CONTENT_TYPE, type);
                Extent all = new Extent(NOTHING, 0, version.size());
                yield made(200, fields, file, List.of(all), NOTHING);
            }
            case Ranges.Parts(List<Ranges.Part> parts) when parts.size() == 1 -> {
                Ranges.Part part = parts.getFirst();
                fields.add(Names.CONTENT_TYPE, type);
                fields.add(Names.CONTENT_RANGE, contentRange(part, version));
                Extent only = new Extent(NOTHING, part.from(), part.length());
                yield made(206, fields, file, List.of(only), NOTHING);
            }
            case Ranges.Parts(List<Ranges.Part> parts) ->
                    several(file, version, type, parts, fields);
            case Ranges.Nowhere _ -> {
                fields.add(Names.CONTENT_RANGE, "bytes */" + version.size());
                yield Made.bare(416, fields);
            }
        };
    }

    private static Made several(
            OpenFile file, Version version, String type, List<Ranges.Part> parts, Fields fields) {
        String boundary = Long.toHexString(ThreadLocalRandom.current().nextLong());
        fields.add(Names.CONTENT_TYPE, "multipart/byteranges; boundary=" + boundary);
        List<Extent> extents = new ArrayList<>();
        for (Ranges.Part part : parts) {
            String before =
                    (extents.isEmpty() ? "--" : "\r\n--")
                            + boundary
                            + "\r\ncontent-type: "
                            + type
                            + "\r\ncontent-range: "
                            + contentRange(part, version)
                            + "\r\n\r\n";
            extents.add(new Extent(octets(before), part.from(), part.length()));
        }
        return made(206, fields, file, extents, octets("\r\n--" + boundary + "--\r\n"));
    }

    private static String contentRange(Ranges.Part part, Version version) {
        return "bytes " + part.from() + "-" + part.last() + "/" + version.size();
    }

    private static byte[] octets(String text) {
        return text.getBytes(StandardCharsets.ISO_8859_1);
    }

    private static Made made(
            int status, Fields fields, OpenFile file, List<Extent> extents, byte[] end) {
        long length = end.length;
        for (Extent extent : extents) {
            length += extent.before.length + extent.length;
        }
        fields.add(Names.CONTENT_LENGTH, Long.toString(length));
        return new Made(new ResponseHead(status, "", fields, length), file, extents, end);
    }
}
