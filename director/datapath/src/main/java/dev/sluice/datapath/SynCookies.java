package dev.sluice.datapath;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/**
 * How many SYN cookies the kernel sent, in the network namespace of the thread that asks. While it
 * grows there are flows that no socket knows of yet.
 */
public final class SynCookies {
    private static final Path NETSTAT = Path.of("/proc/thread-self/net/netstat");
    private static final String PREFIX = "TcpExt:";
    private static final String COUNTER = "SyncookiesSent";

    private SynCookies() {}

    /** Since boot. */
    public static long sent() {
        try {
            return parse(Files.readAllLines(NETSTAT));
        } catch (IOException e) {
            throw new UncheckedIOException("cannot read " + NETSTAT, e);
        }
    }

    /** Names on one line, values on the next with the same prefix. */
    static long parse(List<String> lines) {
        List<List<String>> tables =
                lines.stream()
                        .filter(l -> l.startsWith(PREFIX))
                        .map(l -> List.of(l.split(" ", -1)))
                        .toList();
        int column = tables.isEmpty() ? -1 : tables.getFirst().indexOf(COUNTER);
        if (column < 0 || tables.size() < 2) {
            throw new IllegalStateException(NETSTAT + " has no " + COUNTER);
        }
        return Long.parseLong(tables.get(1).get(column));
    }
}
