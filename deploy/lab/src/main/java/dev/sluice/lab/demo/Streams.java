package dev.sluice.lab.demo;

import dev.sluice.lab.traffic.ClientHost;
import dev.sluice.lab.traffic.Download;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;

/** The slow downloads; used by one thread. */
final class Streams implements AutoCloseable {
    /**
     * A stream is that much smaller and slower than the large download, so that both take as long.
     */
    private static final int FRACTION = 16;

    private final List<Download> downloads = new ArrayList<>();

    void start(ClientHost clients, DemoSpec spec) throws IOException {
        for (int i = 0; i < spec.streams(); i++) {
            long length = spec.downloadBytes() / FRACTION;
            long rate = spec.downloadRate() / FRACTION;
            add(Download.start(clients, length, 100 + i, rate));
        }
    }

    Download add(Download download) {
        downloads.add(download);
        return download;
    }

    boolean areDone() {
        return downloads.stream().allMatch(download -> download.outcome().isDone());
    }

    /** Those that did not end well, or not at all. */
    List<Download> broken() {
        return downloads.stream()
                .filter(d -> !d.outcome().isDone() || !d.outcome().join().isWhole())
                .toList();
    }

    List<Download> all() {
        return List.copyOf(downloads);
    }

    @Override
    public void close() {
        downloads.forEach(Download::close);
    }
}
