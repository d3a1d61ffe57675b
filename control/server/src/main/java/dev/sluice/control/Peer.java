package dev.sluice.control;

import io.grpc.Attributes;
import io.grpc.Context;
import io.grpc.Contexts;
import io.grpc.Metadata;
import io.grpc.ServerCall;
import io.grpc.ServerCallHandler;
import io.grpc.ServerInterceptor;

/**
 * Who is on the other end of the admin socket, as the kernel says (SO_PEERCRED): nothing that the
 * peer sends can change it.
 *
 * @param name of the user, {@code ?} if this host has none for the uid
 */
record Peer(int uid, String name) {
    /** Of a connection; set before its first call. */
    static final Attributes.Key<Peer> ATTRIBUTE = Attributes.Key.create("dev.sluice.control.peer");

    private static final Context.Key<Peer> CALLER = Context.key("dev.sluice.control.caller");
    private static final int MAX_CLAIM = 64;

    /** The caller of the call that this thread serves. */
    static Peer current() {
        return CALLER.get();
    }

    /**
     * The actor of the audit log: {@code ann (1000)}, and what the peer adds about itself, such as
     * the person behind sudo, as a claim: {@code root (0), says ann}.
     */
    String actor(String claim) {
        String known = name + " (" + uid + ")";
        String text = claim.strip().replaceAll("\\p{Cntrl}", "?");
        return text.isEmpty() || text.equals(name)
                ? known
                : known + ", says " + text.substring(0, Math.min(text.length(), MAX_CLAIM));
    }

    /** Makes {@link #current} work, and refuses a connection whose peer is not known. */
    static final class Interceptor implements ServerInterceptor {
        @Override
        public <Q, R> ServerCall.Listener<Q> interceptCall(
                ServerCall<Q, R> call, Metadata headers, ServerCallHandler<Q, R> next) {
            Peer peer = call.getAttributes().get(ATTRIBUTE);
            if (peer == null) {
                call.close(
                        io.grpc.Status.UNAUTHENTICATED.withDescription(
                                "the kernel does not say who you are"),
                        new Metadata());
                return new ServerCall.Listener<>() {};
            }
            return Contexts.interceptCall(
                    Context.current().withValue(CALLER, peer), call, headers, next);
        }
    }
}
