package dev.sluice.engine.exchange;

import dev.sluice.cluster.l7.route.Action;
import dev.sluice.cluster.l7.route.Redirect;
import dev.sluice.cluster.l7.route.Respond;
import dev.sluice.cluster.l7.route.Route;
import dev.sluice.cluster.l7.route.StaticFiles;
import dev.sluice.engine.compress.CompressionLedger;
import dev.sluice.engine.compress.CompressionPolicy;
import dev.sluice.engine.cors.CorsPolicy;
import dev.sluice.engine.files.Directory;
import dev.sluice.engine.http.ClientStream;
import dev.sluice.engine.http.Forwarding;
import dev.sluice.engine.http.Peer;
import dev.sluice.engine.http.RequestHead;
import dev.sluice.engine.route.Choice;
import dev.sluice.engine.route.RateGate;
import dev.sluice.engine.route.RateGates;
import dev.sluice.engine.route.Reply;
import dev.sluice.engine.route.Rewriting;
import dev.sluice.engine.route.Step;
import dev.sluice.engine.upstream.Group;

import org.jspecify.annotations.Nullable;

import java.util.function.Function;

/**
 * A route, and what is done with its requests.
 *
 * @param gate null if it takes any number of them
 * @param bodyBytes of a request's body at most
 * @param cors null if servers say themselves who may read their answers
 * @param compression null if answers go out as they are
 * @param mirror null if nobody gets copies of its requests
 */
public record Destination(
        Route route,
        Step<Group> step,
        @Nullable RateGate gate,
        long bodyBytes,
        @Nullable CorsPolicy cors,
        @Nullable CompressionPolicy compression,
        @Nullable Mirror mirror) {

    /**
     * Makes a route ready.
     *
     * @param groups by the names of upstreams
     * @param gates of this configuration
     * @param forwarding knows what trusted peers say of clients
     */
    public static Destination of(
            Route route, Function<String, Group> groups, RateGates gates, Forwarding forwarding) {
        Step<Group> step =
                switch (route.action()) {
                    case Action.Forward(var split, var rewrite) ->
                            new Step.Forward<>(
                                    new Choice<>(split, groups, forwarding),
                                    new Rewriting(route.match().path(), rewrite));
                    case Redirect redirect ->
                            new Step.Answer<>(Reply.of(route.match(), redirect, forwarding));
                    case StaticFiles files ->
                            new Step.Serve<>(new Directory(files, route.match().path()));
                    case Respond respond -> new Step.Answer<>(Reply.of(respond));
                };
        return new Destination(
                route,
                step,
                gates.of(route, forwarding),
                route.bodyBytes().orElse(Long.MAX_VALUE),
                route.cors().map(CorsPolicy::new).orElse(null),
                route.compression().map(CompressionPolicy::new).orElse(null),
                route.mirror()
                        .map(rules ->
                                new Mirror(
                                        rules,
                                        route.match().path(),
                                        groups.apply(rules.upstream()),
                                        forwarding))
                        .orElse(null));
    }

    /** The client's stream, behind what the route does with responses. */
    ClientStream before(ClientStream client, RequestHead head, CompressionLedger ledger) {
        ClientStream stream = cors == null ? client : cors.before(client, head);
        return compression == null ? stream : compression.before(stream, head, ledger);
    }

    /** Whether a page asks for leave, which the server does not hear of. */
    boolean isPreflight(RequestHead head) {
        return cors != null && CorsPolicy.askedMethod(head) != null;
    }

    boolean allowsOrigin(RequestHead head) {
        return cors != null && cors.allows(head);
    }

    /** Takes a token: 0, or in how many nanoseconds there will be one. */
    long waitNanos(RequestHead head, Peer peer, long nowNanos) {
        return gate == null ? 0 : gate.waitNanos(head, peer, nowNanos);
    }
}
