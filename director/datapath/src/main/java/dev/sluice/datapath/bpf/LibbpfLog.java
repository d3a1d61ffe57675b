package dev.sluice.datapath.bpf;

import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.Arrays;
import java.util.List;
import java.util.function.IntSupplier;

/**
 * Catches what libbpf would print. libbpf calls back on the thread that called it, so a capture is
 * that thread's own; what it says outside of one goes to the debug log.
 */
final class LibbpfLog {
    private static final Logger LOG = LoggerFactory.getLogger(LibbpfLog.class);
    private static final ThreadLocal<@Nullable StringBuilder> CAPTURE = new ThreadLocal<>();
    private static final int LEVEL_DEBUG = 2;

    static {
        Libbpf.SET_PRINT.call(Native.callback(Print.class, LibbpfLog::onPrint, Arena.global()));
    }

    public interface Print {
        int call(int level, MemorySegment format, MemorySegment arguments);
    }

    private LibbpfLog() {}

    /**
     * Runs a call of libbpf and turns a negative result into an exception that has its words.
     *
     * @param attempt what is tried, for the message
     */
    static void check(String attempt, IntSupplier call) {
        StringBuilder lines = new StringBuilder();
        CAPTURE.set(lines);
        int result;
        try {
            result = call.getAsInt();
        } finally {
            CAPTURE.remove();
        }
        if (result < 0) {
            String log = lines.toString();
            throw new DatapathException(attempt + ": " + reason(log) + Libc.describe(-result), log);
        }
    }

    /** The verifier's last word, before its statistics; without a verifier libbpf's. */
    private static String reason(String log) {
        int end = log.indexOf("-- END PROG LOAD LOG --");
        List<String> lines =
                Arrays.stream((end < 0 ? log : log.substring(0, end)).split("\n", -1))
                        .map(String::strip)
                        .filter(l -> !l.isEmpty() && !l.startsWith("processed "))
                        .toList();
        return lines.isEmpty() ? "" : lines.getLast() + ", ";
    }

    private static int onPrint(int level, MemorySegment format, MemorySegment arguments) {
        StringBuilder capture = CAPTURE.get();
        if (capture == null && !LOG.isDebugEnabled()) {
            return 0;
        }
        String text = Libc.format(format, arguments);
        if (capture == null) {
            LOG.atDebug().addKeyValue("text", text.strip()).log("libbpf");
        } else if (level < LEVEL_DEBUG) {
            capture.append(text);
        }
        return 0;
    }
}
