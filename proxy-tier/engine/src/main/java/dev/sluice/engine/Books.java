package dev.sluice.engine;

import dev.sluice.engine.exchange.Exchange;
import dev.sluice.engine.exchange.Ledger;
import dev.sluice.engine.exchange.Summary;
import dev.sluice.engine.http.Failure;
import dev.sluice.engine.http.Peer;
import dev.sluice.engine.http.Phase;

import java.util.concurrent.atomic.LongAdder;

/** Counts what is going on in all event loops, and writes the access log. Thread-safe. */
final class Books implements Ledger {
    final LongAdder connections = new LongAdder();
    private final LongAdder requests = new LongAdder();
    private final LongAdder tunnels = new LongAdder();
    private final boolean accessLog;

    Books(boolean accessLog) {
        this.accessLog = accessLog;
    }

    Load load() {
        return new Load(connections.sum(), requests.sum(), tunnels.sum());
    }

    @Override
    public void onBegin() {
        requests.increment();
    }

    @Override
    public void onTunnel() {
        requests.decrement();
        tunnels.increment();
    }

    @Override
    public void onEnd(Exchange exchange) {
        Summary summary = exchange.summary();
        (summary.endedIn() == Phase.TUNNEL ? tunnels : requests).decrement();
        if (accessLog) {
            AccessLog.request(summary);
        }
    }

    @Override
    public void onRefused(Failure why, Peer peer) {
        if (accessLog) {
            AccessLog.refused(why, peer);
        }
    }
}
