package dev.sluice.engine.tls;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * What files look like from outside, all links followed: another inode, time, size or mode is
 * another file.
 */
record FileStamps(Map<String, String> byPath) {
    private static final String LOOKED_AT = "unix:ino,size,mode,lastModifiedTime,ctime";

    static FileStamps of(List<String> paths) {
        Map<String, String> stamps = new HashMap<>();
        paths.forEach(path -> stamps.put(path, stamp(Path.of(path))));
        return new FileStamps(Map.copyOf(stamps));
    }

    private static String stamp(Path path) {
        try {
            return new java.util.TreeMap<>(Files.readAttributes(path, LOOKED_AT)).toString();
        } catch (IOException e) {
            return "unreadable";
        }
    }
}
