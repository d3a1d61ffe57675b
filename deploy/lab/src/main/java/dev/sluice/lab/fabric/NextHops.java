package dev.sluice.lab.fabric;

import java.io.IOException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

/**
 * The next hops of a router's VIPs: a resilient group, so that one that comes or goes moves no flow
 * of the others. Works on the network namespace of this process. Thread-safe.
 */
public final class NextHops implements AnnounceServer.Routes {
    private static final int GROUP = 1;
    private static final int FIRST_HOP = 100;

    /** Behind every other route: without a next hop the VIP is said to be unreachable at once. */
    private static final int LAST_METRIC = 9999;

    private final List<String> vips;

    /** By address, in the order in which they first came; an id is never given twice. */
    private final Map<String, Integer> ids = new LinkedHashMap<>();

    private final List<String> present = new ArrayList<>();

    /**
     * @param vips IPv4 addresses
     */
    public NextHops(List<String> vips) {
        this.vips = List.copyOf(vips);
    }

    /** Makes the VIPs unreachable until somebody forwards for them. */
    public synchronized void start() throws IOException {
        IpBatch batch = IpBatch.onHost();
        vips.forEach(
                vip -> batch.add("route replace unreachable " + vip + " metric " + LAST_METRIC));
        batch.run();
    }

    @Override
    public synchronized void add(String address, String device) throws IOException {
        if (present.contains(address)) {
            return;
        }
        int id = ids.computeIfAbsent(address, _ -> FIRST_HOP + ids.size());
        IpBatch.onHost()
                .add("nexthop replace id %d via %s dev %s".formatted(id, address, device))
                .run();
        present.add(address);
        spread();
    }

    /** Nothing happens if it is not there. */
    @Override
    public synchronized void remove(String address) throws IOException {
        if (!present.remove(address)) {
            return;
        }
        if (present.isEmpty()) {
            // The routes go with it.
            IpBatch.onHost().add("nexthop del id " + GROUP).run();
        } else {
            spread();
        }
        IpBatch.onHost().add("nexthop del id " + ids.get(address)).run();
    }

    private void spread() throws IOException {
        String members =
                present.stream()
                        .map(ids::get)
                        .map(String::valueOf)
                        .collect(Collectors.joining("/"));
        IpBatch batch = IpBatch.onHost();
        batch.add(
                "nexthop replace id %d group %s type resilient buckets 256 idle_timer 60"
                        .formatted(GROUP, members));
        vips.forEach(vip -> batch.add("route replace %s nhid %d".formatted(vip, GROUP)));
        batch.run();
    }
}
