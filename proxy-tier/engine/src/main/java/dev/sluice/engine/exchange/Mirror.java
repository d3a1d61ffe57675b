package dev.sluice.engine.exchange;

import dev.sluice.cluster.l7.route.Mirroring;
import dev.sluice.cluster.l7.route.PathMatch;
import dev.sluice.engine.http.Fields;
import dev.sluice.engine.http.Forwarding;
import dev.sluice.engine.http.ListFields;
import dev.sluice.engine.http.Name;
import dev.sluice.engine.http.Names;
import dev.sluice.engine.http.Peer;
import dev.sluice.engine.http.RequestHead;
import dev.sluice.engine.route.Rewriting;
import dev.sluice.engine.upstream.Connections;
import dev.sluice.engine.upstream.Copies;
import dev.sluice.engine.upstream.Group;

import io.netty.channel.EventLoop;

import org.jspecify.annotations.Nullable;

import java.util.Objects;
import java.util.concurrent.ThreadLocalRandom;

/** Makes the copies of a route's requests. Used by all event loops. */
final class Mirror {
    private static final int ALL = 100;

    private final Mirroring rules;
    private final Group group;
    private final Rewriting rewriting;
    private final Forwarding forwarding;

    Mirror(Mirroring rules, PathMatch match, Group group, Forwarding forwarding) {
        this.rules = rules;
        this.group = group;
        this.forwarding = forwarding;
        rewriting = new Rewriting(match, rules.rewrite());
    }

    /**
     * Of a request as it goes on to its server; null if there is to be none. Tunnels have none:
     * their bytes would be answers to somebody else's.
     */
    @Nullable MirroredRequest copy(
            RequestHead head, Peer peer, EventLoop loop, Connections connections) {
        if (head.asksForTunnel() || !isDrawn()) {
            return null;
        }
        if (head.bodyLength() > rules.bodyBytes()) {
            group.copies().count(Copies.Result.TOO_LARGE);
            return null;
        }
        Affinity affinity = Affinity.of(head, peer, group, forwarding);
        RequestHead copy = headOf(head);
        if (!group.copies().begin(rules.concurrent())) {
            group.copies().count(Copies.Result.BUSY);
            return null;
        }
        return new MirroredRequest(rules, copy, group, affinity.place(), peer, loop, connections);
    }

    private boolean isDrawn() {
        return rules.percent() == ALL || ThreadLocalRandom.current().nextInt(ALL) < rules.percent();
    }

    /** With fields of its own: those of the request end with it. */
    private RequestHead headOf(RequestHead head) {
        Fields fields = new ListFields();
        head.fields().forEach((name, value) -> fields.add(Name.of(name), value));
        // Its body comes at once.
        fields.remove(Names.EXPECT);
        RequestHead own =
                new RequestHead(
                        head.method(),
                        head.secure(),
                        head.authority(),
                        head.host(),
                        head.path(),
                        head.query(),
                        fields,
                        head.bodyLength(),
                        head.upgrade());
        RequestHead copy = Objects.requireNonNull(rewriting.request(own));
        fields.set(Names.HOST, copy.authority());
        return copy;
    }
}
