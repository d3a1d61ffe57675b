package dev.sluice.engine.route;

import dev.sluice.cluster.l7.route.PathMatch;
import dev.sluice.cluster.l7.route.Rewrite;
import dev.sluice.engine.http.Fields;
import dev.sluice.engine.http.RequestHead;

import org.jspecify.annotations.Nullable;

/**
 * A {@link Rewrite} made ready. Immutable; does nothing, and costs nothing, where none is asked
 * for.
 */
public final class Rewriting {
    private final PathRewriter path;
    private final @Nullable String authority;
    private final FieldEditor request;
    private final FieldEditor response;
    private final boolean idle;

    public Rewriting(PathMatch match, Rewrite rewrite) {
        path = new PathRewriter(match, rewrite.path());
        authority = rewrite.authority().orElse(null);
        request = new FieldEditor(rewrite.request());
        response = new FieldEditor(rewrite.response());
        idle = rewrite.equals(Rewrite.NONE);
    }

    /** The request as its server gets it; null if there is no such path. Changes its fields. */
    public @Nullable RequestHead request(RequestHead head) {
        if (idle) {
            return head;
        }
        request.apply(head.fields());
        boolean whole = head.path().equals("*");
        String to = path.keeps() || whole ? head.path() : path.rewritten(head.path());
        if (to == null) {
            return null;
        }
        String host = authority == null ? head.authority() : authority;
        return host.equals(head.authority()) && to.equals(head.path())
                ? head
                : head.sentTo(host, to);
    }

    /** Changes the fields of a response that goes to the client. */
    public void response(Fields fields) {
        if (!idle) {
            response.apply(fields);
        }
    }
}
