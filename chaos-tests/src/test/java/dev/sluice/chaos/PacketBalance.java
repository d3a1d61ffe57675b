package dev.sluice.chaos;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.cluster.packet.DirectorCounter;
import dev.sluice.cluster.packet.RedirectCounter;
import dev.sluice.lab.Await;
import dev.sluice.lab.Lab;
import dev.sluice.lab.Node;
import dev.sluice.lab.Role;

import java.io.IOException;
import java.time.Duration;
import java.util.Map;
import java.util.TreeMap;

/**
 * Packets that entered each stage against packets that it answers for. Whatever the router sent to
 * a director must show in that director's counters, and whatever directors encapsulated must have
 * been decapsulated by proxy hosts. The counters are the kernel's and survive every process.
 */
final class PacketBalance {
    private static final Duration LIMIT = Duration.ofSeconds(60);
    private static final Duration POLL = Duration.ofMillis(3);

    private final Lab lab;
    private final Map<String, Long> start;

    private PacketBalance(Lab lab, Map<String, Long> start) {
        this.lab = lab;
        this.start = start;
    }

    /** From here on; nothing but the nodes' own chatter may be under way now. */
    static PacketBalance start(Lab lab) throws IOException {
        return new PacketBalance(lab, quiet(lab));
    }

    /** Call it when the clients have stopped. */
    void assertNothingLost() throws IOException {
        Map<String, Long> end = quiet(lab);
        Map<String, Long> delta = new TreeMap<>();
        end.forEach((name, value) -> delta.put(name, value - start.getOrDefault(name, 0L)));
        for (Node director : lab.topology().nodes(Role.DIRECTOR)) {
            assertThat(delta.get(director + " counted"))
                    .as("packets of %s in %s", director, delta)
                    .isEqualTo(delta.get(director + " was sent"))
                    .isPositive();
        }
        assertThat(delta.get("decapsulated"))
                .as("packets on proxy hosts in %s", delta)
                .isEqualTo(delta.get("sent to proxy hosts"))
                .isPositive();
        assertThat(delta.get("dropped")).as("in %s", delta).isZero();
    }

    /** Two readings that agree, so that nothing was between the counters while they were read. */
    private static Map<String, Long> quiet(Lab lab) throws IOException {
        Map<String, Long> quiet = new TreeMap<>();
        boolean agreed =
                Await.until(
                        LIMIT,
                        POLL,
                        () -> {
                            Map<String, Long> before = Map.copyOf(quiet);
                            quiet.clear();
                            quiet.putAll(read(lab));
                            return quiet.equals(before);
                        });
        assertThat(agreed).as("the network is quiet for a moment").isTrue();
        return quiet;
    }

    private static Map<String, Long> read(Lab lab) throws IOException {
        Map<String, Long> values = new TreeMap<>();
        Map<String, Long> sent = lab.sentByRouter();
        for (Node director : lab.topology().nodes(Role.DIRECTOR)) {
            Map<DirectorCounter, Long> counters = lab.counters().ofDirector(director);
            values.put(director + " counted", sum(counters));
            values.put(director + " was sent", sent.getOrDefault(director.routerDevice(), 0L));
            add(
                    values,
                    "sent to proxy hosts",
                    counters.getOrDefault(DirectorCounter.FORWARDED, 0L));
            add(values, "dropped", drops(counters));
        }
        for (Node proxy : lab.topology().nodes(Role.PROXY)) {
            Map<RedirectCounter, Long> counters = lab.counters().ofProxy(proxy);
            add(values, "decapsulated", decapsulated(counters));
            add(values, "sent to proxy hosts", counters.getOrDefault(RedirectCounter.NEXT_HOP, 0L));
            add(values, "sent to proxy hosts", counters.getOrDefault(RedirectCounter.RESCUED, 0L));
            add(values, "dropped", drops(counters));
        }
        return values;
    }

    private static void add(Map<String, Long> values, String name, long more) {
        values.merge(name, more, Long::sum);
    }

    private static long sum(Map<?, Long> counters) {
        return counters.values().stream().mapToLong(Long::longValue).sum();
    }

    private static long decapsulated(Map<RedirectCounter, Long> counters) {
        return sum(counters)
                - counters.getOrDefault(RedirectCounter.PASS_OTHER, 0L)
                - counters.getOrDefault(RedirectCounter.SECOND_CHANCE, 0L);
    }

    private static long drops(Map<? extends Enum<?>, Long> counters) {
        return counters.entrySet().stream()
                .filter(entry -> entry.getKey().name().startsWith("DROP_"))
                .mapToLong(Map.Entry::getValue)
                .sum();
    }
}
