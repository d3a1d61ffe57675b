package dev.sluice.engine;

import dev.sluice.engine.exchange.Summary;
import dev.sluice.engine.http.Failure;
import dev.sluice.engine.http.Peer;
import dev.sluice.engine.stream.StreamSummary;

import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One line per request or stream; the target is logged without its query, which may hold secrets.
 */
final class AccessLog {
    private static final Logger LOG = LoggerFactory.getLogger("access");

    private AccessLog() {}

    static void request(Summary request) {
        LOG.atInfo()
                .addKeyValue("client", request.peer().remote())
                .addKeyValue("method", request.head().method())
                .addKeyValue("host", request.head().host())
                .addKeyValue("path", request.head().path())
                .addKeyValue("status", request.status())
                .addKeyValue("outcome", request.outcome())
                .addKeyValue("phase", request.endedIn())
                .addKeyValue("endpoint", request.endpoint())
                .addKeyValue("attempts", request.attempts())
                .addKeyValue("requestBytes", request.requestBytes())
                .addKeyValue("responseBytes", request.responseBytes())
                .addKeyValue("micros", request.durationNanos() / 1_000)
                .log("request");
    }

    static void stream(StreamSummary stream) {
        LOG.atInfo()
                .addKeyValue("client", stream.peer().remote())
                .addKeyValue("listener", stream.listener())
                .addKeyValue("upstream", stream.upstream())
                .addKeyValue("endpoint", stream.endpoint())
                .addKeyValue("outcome", stream.end().word())
                .addKeyValue("requestBytes", stream.requestBytes())
                .addKeyValue("responseBytes", stream.responseBytes())
                .addKeyValue("micros", stream.durationNanos() / 1_000)
                .log("stream");
    }

    static void refused(Failure why, Peer peer) {
        LOG.atInfo()
                .addKeyValue("client", peer.remote())
                .addKeyValue("status", why.status())
                .addKeyValue("outcome", why.reason())
                .log("refused");
    }
}
