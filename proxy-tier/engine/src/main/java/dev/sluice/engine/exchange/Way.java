package dev.sluice.engine.exchange;

import dev.sluice.engine.http.Forwarding;
import dev.sluice.engine.http.HopByHop;
import dev.sluice.engine.http.Names;
import dev.sluice.engine.http.Peer;
import dev.sluice.engine.http.RequestHead;
import dev.sluice.engine.http.TraceParent;
import dev.sluice.engine.route.Rewriting;
import dev.sluice.engine.upstream.Group;

import org.jspecify.annotations.Nullable;

import java.util.concurrent.ThreadLocalRandom;

/** Where a request goes on to, and as what. */
record Way(Group group, Affinity affinity, Rewriting rewriting) {

    /** Ask before anything is changed in the head. */
    static Way of(
            Group group, Rewriting rewriting, RequestHead head, Peer peer, Forwarding forwarding) {
        return new Way(group, Affinity.of(head, peer, group, forwarding), rewriting);
    }

    /** Makes of a request what its servers see, in its own fields; null if it has no target. */
    @Nullable RequestHead onward(RequestHead head, Peer peer, Rules rules, Tally tally) {
        HopByHop.drop(head.fields());
        rules.forwarding().apply(head, peer);
        trace(head, rules, tally);
        RequestHead sent = rewriting.request(head);
        if (sent != null) {
            nameHost(sent);
        }
        return sent;
    }

    /** Behind what a client may have named away. */
    private void trace(RequestHead head, Rules rules, Tally tally) {
        if (tally.spans != null) {
            tally.spans.forward(head.method(), group.upstream().name(), head.fields());
        } else if (rules.telemetry().beginTraces()) {
            TraceParent.ensure(head.fields(), ThreadLocalRandom.current());
        }
        if (rules.telemetry().accessLog().isPresent()) {
            tally.trace = TraceParent.traceOf(head.fields());
        }
    }

    /** It may have come with the target, or not at all. */
    private static void nameHost(RequestHead sent) {
        if (!sent.authority().equals(sent.fields().get(Names.HOST))) {
            sent.fields().set(Names.HOST, sent.authority());
        }
    }
}
