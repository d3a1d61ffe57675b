package dev.sluice.lab.fabric;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** The kernel's counters of the network devices in the calling thread's namespace. */
final class DeviceStatistics {
    /** {@code /proc/net} would be the process's. */
    private static final Path TABLE = Path.of("/proc/thread-self/net/dev");

    private static final int HEAD_LINES = 2;
    private static final int SENT_PACKETS = 9;
    private static final int SENT_DROPPED = 11;

    private DeviceStatistics() {}

    static Map<String, Long> sentPackets() throws IOException {
        return parse(Files.readAllLines(TABLE));
    }

    static Map<String, Long> parse(List<String> table) {
        Map<String, Long> sent = new HashMap<>();
        for (String line : table.subList(HEAD_LINES, table.size())) {
            int colon = line.indexOf(':');
            String[] numbers = line.substring(colon + 1).strip().split(" +", -1);
            sent.put(
                    line.substring(0, colon).strip(),
                    Long.parseLong(numbers[SENT_PACKETS]) + Long.parseLong(numbers[SENT_DROPPED]));
        }
        return sent;
    }
}
