package dev.sluice.engine.compress;

import dev.sluice.cluster.l7.route.Compression.Coding;
import dev.sluice.cluster.l7.route.Compression.Effort;

import io.netty.util.concurrent.FastThreadLocal;

import org.jspecify.annotations.Nullable;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashMap;
import java.util.Map;

/** An event loop's compressors: bounded in number, and used again. Confined to it. */
final class Compressors {
    /** At a time; each costs memory for as long as its response lasts, which may be days. */
    static final int MOST = 128;

    /** That wait for the next response. */
    private static final int MOST_IDLE = 8;

    private static final FastThreadLocal<Compressors> OF_LOOP =
            new FastThreadLocal<>() {
                @Override
                protected Compressors initialValue() {
                    return new Compressors();
                }

                @Override
                protected void onRemoval(Compressors compressors) {
                    compressors.idle.values().forEach(all -> all.forEach(Compressor::close));
                }
            };

    private record Kind(Coding coding, Effort effort) {}

    private final Map<Kind, Deque<Compressor>> idle = new HashMap<>();
    private int taken;

    /** Of the event loop that calls. */
    static Compressors ofLoop() {
        return OF_LOOP.get();
    }

    /** One to be given back; null if too many are in use. */
    @Nullable Compressor take(Coding coding, Effort effort) {
        if (taken == MOST) {
            return null;
        }
        Compressor rested = idle(coding, effort).poll();
        Compressor next = rested != null ? rested : make(coding, effort);
        taken++;
        return next;
    }

    static Compressor make(Coding coding, Effort effort) {
        return switch (coding) {
            case GZIP -> new GzipCompressor(effort);
            case ZSTD -> new ZstdCompressor(effort);
        };
    }

    private Deque<Compressor> idle(Coding coding, Effort effort) {
        return idle.computeIfAbsent(new Kind(coding, effort), _ -> new ArrayDeque<>());
    }

    /** Whatever became of its response. */
    void give(Coding coding, Effort effort, Compressor compressor) {
        taken--;
        Deque<Compressor> resting = idle(coding, effort);
        if (resting.size() < MOST_IDLE) {
            compressor.reset();
            resting.push(compressor);
        } else {
            compressor.close();
        }
    }
}
