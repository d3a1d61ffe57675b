package dev.sluice.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;

import io.opentelemetry.proto.collector.trace.v1.ExportTraceServiceRequest;
import io.opentelemetry.proto.common.v1.KeyValue;
import io.opentelemetry.proto.trace.v1.ResourceSpans;
import io.opentelemetry.proto.trace.v1.Span;
import io.opentelemetry.proto.trace.v1.Status;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.HexFormat;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;

/** What an OpenTelemetry collector hears of requests. */
final class TracingIT {
    private static final String TRACE = "0af7651916cd43dd8448eb211c80319c";
    private static final String CALLER = "b7ad6b7169203331";

    private final List<Span> spans = new CopyOnWriteArrayList<>();
    private final List<ResourceSpans> resources = new CopyOnWriteArrayList<>();
    private HttpServer collector;
    private volatile int status = 200;

    @BeforeEach
    void collect() throws IOException {
        collector =
                HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        collector.createContext("/v1/traces", this::onExport);
        collector.start();
    }

    @AfterEach
    void stop() {
        collector.stop(0);
    }

    private void onExport(HttpExchange exchange) throws IOException {
        try (exchange) {
            ExportTraceServiceRequest export =
                    ExportTraceServiceRequest.parseFrom(exchange.getRequestBody());
            exchange.sendResponseHeaders(status, -1);
            if (status == 200) {
                resources.addAll(export.getResourceSpansList());
                export.getResourceSpansList().stream()
                        .flatMap(one -> one.getScopeSpansList().stream())
                        .forEach(one -> spans.addAll(one.getSpansList()));
            }
        }
    }

    private void apply(Bench bench, String sample, Server... servers) {
        bench.apply(
                "tracing: {collector: \"http://127.0.0.1:%d/v1/traces\", sample: %s}\n"
                                .formatted(collector.getAddress().getPort(), sample)
                        + bench.listener("")
                        + bench.upstream("", servers)
                        + "routes: [{name: all, upstream: app}]");
    }

    private static Wire.Message get(Bench bench, String fields) {
        try (Wire wire = bench.connect()) {
            wire.send("GET /x?token=secret HTTP/1.1\r\nHost: test\r\n" + fields + "\r\n");
            return wire.readResponse();
        }
    }

    private static String flagged(String flags) {
        return "traceparent: 00-" + TRACE + "-" + CALLER + "-" + flags + "\r\ntracestate: a=b\r\n";
    }

    private Span only(Span.SpanKind kind) {
        return spans.stream().filter(span -> span.getKind() == kind).findFirst().orElseThrow();
    }

    private static String hex(com.google.protobuf.ByteString id) {
        return HexFormat.of().formatHex(id.toByteArray());
    }

    private static String attribute(Span span, String key) {
        return span.getAttributesList().stream()
                .filter(one -> one.getKey().equals(key))
                .map(KeyValue::getValue)
                .map(value ->
                        value.hasIntValue()
                                ? Long.toString(value.getIntValue())
                                : value.getStringValue())
                .findFirst()
                .orElse("");
    }

    @Test
    void bothSidesOfARequestAreSpansOfItsCallersTrace() {
        try (Server server = Server.saying("seen");
                Bench bench = new Bench()) {
            apply(bench, "0%", server);
            assertThat(get(bench, flagged("01")).status()).isEqualTo(200);
            await().until(() -> spans.size() == 2);
            Span client = only(Span.SpanKind.SPAN_KIND_SERVER);
            Span forwarded = only(Span.SpanKind.SPAN_KIND_CLIENT);
            assertThat(hex(client.getTraceId())).isEqualTo(TRACE);
            assertThat(hex(client.getParentSpanId())).isEqualTo(CALLER);
            assertThat(forwarded.getParentSpanId()).isEqualTo(client.getSpanId());
            assertThat(server.requests.getFirst().toString())
                    .contains("00-" + TRACE + "-" + hex(forwarded.getSpanId()) + "-01", "a=b");
            assertThat(attribute(client, "url.path")).isEqualTo("/x");
            assertThat(attribute(client, "http.route")).isEqualTo("all");
            assertThat(attribute(client, "http.response.status_code")).isEqualTo("200");
            assertThat(attribute(forwarded, "sluice.upstream")).isEqualTo("app");
            assertThat(attribute(forwarded, "server.port"))
                    .isEqualTo(Integer.toString(server.port()));
            assertThat(resources.toString())
                    .contains("sluice-proxy", "proxy-under-test")
                    .doesNotContain("secret");
            assertThat(bench.engine.figures().spans())
                    .containsEntry("exported", 2L)
                    .containsEntry("dropped", 0L);
        }
    }

    @Test
    void whatTheCallerDoesNotSampleIsNotTold() {
        try (Server server = Server.saying("seen");
                Bench bench = new Bench()) {
            apply(bench, "100%", server);
            get(bench, flagged("00"));
            assertThat(server.requests.getFirst().toString())
                    .contains("00-" + TRACE + "-" + CALLER + "-00");
            get(bench, "");
            await().until(() -> spans.size() == 2);
            assertThat(spans).noneMatch(span -> hex(span.getTraceId()).equals(TRACE));
            assertThat(only(Span.SpanKind.SPAN_KIND_SERVER).getParentSpanId().isEmpty()).isTrue();
        }
    }

    @Test
    void anotherAttemptIsAnEventAndAFailureAnError() {
        try (Server broken = Server.answering(_ -> "garbage\r\n\r\n");
                Bench bench = new Bench()) {
            apply(bench, "100%", broken);
            get(bench, "");
            await().until(() -> spans.size() == 2);
            Span forwarded = only(Span.SpanKind.SPAN_KIND_CLIENT);
            assertThat(forwarded.getStatus().getCode())
                    .isEqualTo(Status.StatusCode.STATUS_CODE_ERROR);
            assertThat(attribute(forwarded, "sluice.outcome")).isEqualTo("bad-response");
        }
        spans.clear();
        Server gone = Server.saying("never");
        try (Server server = Server.saying("seen");
                Bench bench = new Bench()) {
            apply(bench, "100%", gone, server);
            gone.close();
            await().until(() -> {
                get(bench, "");
                return spans.stream().anyMatch(span -> span.getEventsCount() > 0);
            });
            Span retried =
                    spans.stream().filter(span -> span.getEventsCount() > 0).findFirst().get();
            assertThat(retried.getEvents(0).getName()).isEqualTo("retry");
            assertThat(retried.getEvents(0).toString())
                    .contains("connect-failed", server.address());
            assertThat(attribute(retried, "http.request.resend_count")).isEqualTo("1");
        }
    }

    @Test
    void whatTheCollectorRefusesIsCounted() {
        status = 400;
        try (Server server = Server.saying("seen");
                Bench bench = new Bench()) {
            apply(bench, "100%", server);
            get(bench, "");
            await().until(() ->
                    Long.valueOf(2).equals(bench.engine.figures().spans().get("dropped")));
            assertThat(spans).isEmpty();
        }
    }
}
