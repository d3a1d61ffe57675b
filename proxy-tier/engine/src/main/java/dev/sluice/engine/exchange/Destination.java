package dev.sluice.engine.exchange;

import dev.sluice.cluster.l7.route.Action;
import dev.sluice.cluster.l7.route.Redirect;
import dev.sluice.cluster.l7.route.Respond;
import dev.sluice.cluster.l7.route.Route;
import dev.sluice.engine.http.Forwarding;
import dev.sluice.engine.route.Choice;
import dev.sluice.engine.route.Reply;
import dev.sluice.engine.route.Rewriting;
import dev.sluice.engine.route.Step;
import dev.sluice.engine.upstream.Group;

import java.util.function.Function;

/** A route, and what is done with its requests. */
public record Destination(Route route, Step<Group> step) {

    /**
     * Makes a route ready.
     *
     * @param groups by the names of upstreams
     * @param forwarding knows what trusted peers say of clients
     */
    public static Destination of(
            Route route, Function<String, Group> groups, Forwarding forwarding) {
        Step<Group> step =
                switch (route.action()) {
                    case Action.Forward(var split, var rewrite) ->
                            new Step.Forward<>(
                                    new Choice<>(split, groups, forwarding),
                                    new Rewriting(route.match().path(), rewrite));
                    case Redirect redirect ->
                            new Step.Answer<>(Reply.of(route.match(), redirect, forwarding));
                    case Respond respond -> new Step.Answer<>(Reply.of(respond));
                };
        return new Destination(route, step);
    }
}
