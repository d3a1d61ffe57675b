package dev.sluice.control;

import dev.sluice.cluster.zookeeper.Inquiries;
import dev.sluice.cluster.zookeeper.Seen;
import dev.sluice.cluster.zookeeper.StoreException;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.function.Predicate;

/** Asks nodes of a tier through ZooKeeper and waits for their answers. Blocks; any thread. */
record Inquiry<Q, A>(Inquiries<Q, A> inquiries) {
    /** Whoever has not answered by then does not. */
    static final Duration PATIENCE = Duration.ofSeconds(12);

    private static final Duration PAUSE = Duration.ofMillis(50);

    /**
     * Answers by node, of those that answered.
     *
     * @param isThere whether a node still runs: one that is gone is not waited for
     */
    Map<String, A> ask(Q question, Collection<String> nodes, Predicate<String> isThere)
            throws StoreException, InterruptedException {
        if (nodes.isEmpty()) {
            return Map.of();
        }
        String id = UUID.randomUUID().toString();
        inquiries.ask(id, question);
        try {
            return await(id, nodes, isThere);
        } finally {
            inquiries.withdraw(id);
        }
    }

    private Map<String, A> await(String id, Collection<String> nodes, Predicate<String> isThere)
            throws StoreException, InterruptedException {
        Map<String, A> answers = new HashMap<>();
        List<String> awaited = new ArrayList<>(nodes);
        long end = System.nanoTime() + PATIENCE.toNanos();
        while (!awaited.isEmpty() && System.nanoTime() < end) {
            Thread.sleep(PAUSE);
            awaited.removeIf(isThere.negate());
            for (String node : List.copyOf(awaited)) {
                if (inquiries.read(id, node) instanceof Seen.Value<A> answer) {
                    answers.put(node, answer.value());
                    awaited.remove(node);
                }
            }
        }
        return answers;
    }
}
