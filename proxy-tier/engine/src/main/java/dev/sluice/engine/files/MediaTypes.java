package dev.sluice.engine.files;

import java.util.HashMap;
import java.util.Locale;
import java.util.Map;

/** What files are, by the endings of their names. Immutable. */
final class MediaTypes {
    private static final String OTHER = "application/octet-stream";
    private static final String UTF8 = "; charset=utf-8";

    private static final Map<String, String> USUAL =
            Map.ofEntries(
                    Map.entry("html", "text/html" + UTF8),
                    Map.entry("htm", "text/html" + UTF8),
                    Map.entry("css", "text/css" + UTF8),
                    Map.entry("js", "text/javascript" + UTF8),
                    Map.entry("mjs", "text/javascript" + UTF8),
                    Map.entry("txt", "text/plain" + UTF8),
                    Map.entry("md", "text/markdown" + UTF8),
                    Map.entry("csv", "text/csv" + UTF8),
                    Map.entry("xml", "application/xml"),
                    Map.entry("json", "application/json"),
                    Map.entry("map", "application/json"),
                    Map.entry("webmanifest", "application/manifest+json"),
                    Map.entry("wasm", "application/wasm"),
                    Map.entry("pdf", "application/pdf"),
                    Map.entry("zip", "application/zip"),
                    Map.entry("gz", "application/gzip"),
                    Map.entry("svg", "image/svg+xml"),
                    Map.entry("png", "image/png"),
                    Map.entry("jpg", "image/jpeg"),
                    Map.entry("jpeg", "image/jpeg"),
                    Map.entry("gif", "image/gif"),
                    Map.entry("webp", "image/webp"),
                    Map.entry("avif", "image/avif"),
                    Map.entry("ico", "image/vnd.microsoft.icon"),
                    Map.entry("mp3", "audio/mpeg"),
                    Map.entry("ogg", "audio/ogg"),
                    Map.entry("wav", "audio/wav"),
                    Map.entry("mp4", "video/mp4"),
                    Map.entry("webm", "video/webm"),
                    Map.entry("woff", "font/woff"),
                    Map.entry("woff2", "font/woff2"),
                    Map.entry("ttf", "font/ttf"),
                    Map.entry("otf", "font/otf"));

    private final Map<String, String> types = new HashMap<>(USUAL);

    /** With some more, or others. */
    MediaTypes(Map<String, String> own) {
        types.putAll(own);
    }

    String of(String name) {
        int dot = name.lastIndexOf('.');
        String ending = name.substring(dot + 1).toLowerCase(Locale.ROOT);
        return dot <= name.lastIndexOf('/') ? OTHER : types.getOrDefault(ending, OTHER);
    }
}
