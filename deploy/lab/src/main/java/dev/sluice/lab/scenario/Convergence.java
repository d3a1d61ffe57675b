package dev.sluice.lab.scenario;

import dev.sluice.lab.Await;
import dev.sluice.lab.Cluster;
import dev.sluice.lab.Node;
import dev.sluice.lab.Operator;
import dev.sluice.lab.Operator.ClusterView;
import dev.sluice.lab.Operator.DirectorView;
import dev.sluice.lab.Operator.ProxyView;
import dev.sluice.lab.Role;
import dev.sluice.lab.history.Event;
import dev.sluice.lab.history.History;

import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/**
 * Waits until a cluster is whole: every process lives, every director forwards by the newest
 * generation and announces, every proxy is active, healthy and up to date, no change is open.
 */
final class Convergence {
    /** A proxy that failed over is filled again after half a minute of health. */
    private static final Duration LIMIT = Duration.ofMinutes(2);

    private static final Duration POLL = Duration.ofMillis(150);

    private final Cluster cluster;
    private final Operator operator;

    Convergence(Cluster cluster, Operator operator) {
        this.cluster = cluster;
        this.operator = operator;
    }

    Event.Convergence await(History history) throws IOException {
        long atMs = history.nowMs();
        boolean whole = Await.until(LIMIT, POLL, () -> missing().isEmpty());
        Event.Convergence event =
                new Event.Convergence(
                        atMs, history.nowMs(), whole, whole ? "" : String.join("; ", missing()));
        history.add(event);
        return event;
    }

    /** What is not as it should be, in words. */
    List<String> missing() throws IOException {
        List<String> missing = new ArrayList<>();
        for (Node node : cluster.topology().hosts()) {
            if (node.role() != Role.CLIENT && !cluster.isAlive(node)) {
                missing.add(node + " is dead");
            }
        }
        for (Node node : cluster.topology().ensemble()) {
            if (cluster.ensemble().mode(node).isEmpty()) {
                missing.add("ZooKeeper on " + node + " serves nobody");
            }
        }
        operator.look()
                .ifPresentOrElse(
                        view -> judge(view, missing), () -> missing.add("no controller answers"));
        return missing;
    }

    private void judge(ClusterView view, List<String> missing) {
        if (!view.settled()) {
            missing.add("a change is open, newest view " + view.newest());
        }
        if (view.directors().size() < cluster.topology().directors()) {
            missing.add("only " + view.directors().size() + " directors are known");
        }
        for (DirectorView director : view.directors()) {
            if (!director.present()
                    || !director.announcing()
                    || director.acknowledged() < view.generation()) {
                missing.add("" + director);
            }
        }
        for (ProxyView proxy : view.proxies()) {
            if (!proxy.state().equals("ACTIVE")
                    || !proxy.healthy()
                    || proxy.revision() != view.activeRevision()) {
                missing.add("" + proxy);
            }
        }
    }
}
