package dev.sluice.engine.health;

import dev.sluice.cluster.config.HostPort;
import dev.sluice.cluster.l7.HealthCheck;
import dev.sluice.cluster.l7.UpstreamVersion;
import dev.sluice.engine.http.Fields;
import dev.sluice.engine.http.ListFields;
import dev.sluice.engine.http.Name;
import dev.sluice.engine.http.Names;
import dev.sluice.engine.http.RequestHead;
import dev.sluice.engine.upstream.Target;

import org.jspecify.annotations.Nullable;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;

/**
 * What an endpoint is asked by a request, and what its answer is worth. Pure.
 *
 * @param body of the request; may be empty
 */
record Question(RequestHead head, byte[] body, boolean grpc) {
    private static final Name GRPC_STATUS = Name.of("grpc-status");
    private static final int GRPC_PREFIX = 5;

    static Question http(HealthCheck.Http probe, Target target) {
        ListFields fields = ListFields.of("user-agent", "sluice-check");
        if (target.version() == UpstreamVersion.H1) {
            // Each check shall see whether connections are taken.
            fields.add(Names.CONNECTION, "close");
        }
        String host = probe.host().orElse(target.endpoint().toString());
        return new Question(head("GET", host, probe.path(), fields, 0, target), new byte[0], false);
    }

    /** {@code grpc.health.v1.Health/Check}. */
    static Question grpc(HealthCheck.Grpc probe, Target target) {
        ListFields fields =
                ListFields.of(
                        "user-agent",
                        "sluice-check",
                        "content-type",
                        "application/grpc",
                        "te",
                        "trailers");
        byte[] body = message(probe.service());
        return new Question(
                head(
                        "POST",
                        target.endpoint().toString(),
                        "/grpc.health.v1.Health/Check",
                        fields,
                        RequestHead.UNKNOWN_LENGTH,
                        target),
                body,
                true);
    }

    private static RequestHead head(
            String method, String host, String path, Fields fields, long length, Target target) {
        fields.set(Names.HOST, host);
        int query = path.indexOf('?');
        return new RequestHead(
                method,
                target.tls() != null,
                host,
                host,
                query < 0 ? path : path.substring(0, query),
                query < 0 ? "" : path.substring(query),
                fields,
                length,
                "");
    }

    /** Not compressed, its length, and one field of bytes: the service's name. */
    private static byte[] message(String service) {
        byte[] name = service.getBytes(StandardCharsets.UTF_8);
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        int length = name.length == 0 ? 0 : name.length + 2;
        out.writeBytes(new byte[] {0, 0, 0, 0, (byte) length});
        if (length > 0) {
            out.write(0x0a);
            out.write(name.length);
            out.writeBytes(name);
        }
        return out.toByteArray();
    }

    /** The address that is asked, which may have another port than the endpoint. */
    static HostPort address(HostPort endpoint, HealthCheck check) {
        return check.port().map(port -> new HostPort(endpoint.address(), port)).orElse(endpoint);
    }

    /** Null if the answer is a good one; or what is wrong with it. */
    @Nullable String problem(int status, Fields fields, byte[] start, Fields trailers) {
        if (status < 200 || status > 299) {
            return "status " + status;
        }
        return grpc ? problemOfCall(fields, start, trailers) : null;
    }

    private static @Nullable String problemOfCall(Fields fields, byte[] start, Fields trailers) {
        String status = trailers.get(GRPC_STATUS);
        status = status == null ? fields.get(GRPC_STATUS) : status;
        if (!"0".equals(status)) {
            return status == null ? "no grpc-status" : "grpc-status " + status;
        }
        // One field, an enum: 0 unknown, 1 serving, 2 not serving, 3 unknown service.
        boolean known = start.length >= GRPC_PREFIX + 2 && start[GRPC_PREFIX] == 0x08;
        int serving = known ? start[GRPC_PREFIX + 1] : 0;
        return serving == 1 ? null : serving == 2 ? "not serving" : "serving status " + serving;
    }
}
