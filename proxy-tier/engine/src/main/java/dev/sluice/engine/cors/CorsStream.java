package dev.sluice.engine.cors;

import dev.sluice.engine.http.ClientFilter;
import dev.sluice.engine.http.ClientStream;
import dev.sluice.engine.http.Failure;
import dev.sluice.engine.http.Fields;
import dev.sluice.engine.http.RequestHead;
import dev.sluice.engine.http.ResponseHead;

import org.jspecify.annotations.Nullable;

import java.util.function.Consumer;

/** Says with the response who may read it, whoever made it. */
final class CorsStream extends ClientFilter {
    private final CorsPolicy policy;

    /** Of the page that asks, if it may read the answer. */
    private final @Nullable String allowed;

    private final boolean preflight;
    private boolean begun;

    CorsStream(ClientStream next, CorsPolicy policy, RequestHead request) {
        super(next);
        this.policy = policy;
        allowed = policy.allowed(request);
        preflight = CorsPolicy.askedMethod(request) != null;
    }

    @Override
    public void respond(ResponseHead head) {
        begun = true;
        // Nobody asks who may read a tunnel.
        if (head.status() != 101) {
            policy.apply(head.fields(), allowed, preflight);
        }
        next.respond(head);
    }

    /** A page that must not read why it failed would take it for a refusal of CORS. */
    @Override
    public void fail(Failure failure, Consumer<Fields> page) {
        if (begun) {
            next.fail(failure, page);
            return;
        }
        begun = true;
        next.fail(
                failure,
                fields -> {
                    page.accept(fields);
                    policy.apply(fields, allowed, preflight);
                });
    }
}
