package dev.sluice.cluster.l7;

import dev.sluice.cluster.config.Scalar;
import dev.sluice.cluster.config.Scalars;
import dev.sluice.cluster.config.Section;

import java.math.BigDecimal;
import java.net.URI;

/**
 * Who is told about traces (OpenTelemetry, OTLP over HTTP).
 *
 * @param collector where spans are posted
 * @param ratio of the requests that are part of no trace: how many begin one that is told; others
 *     are told if whoever began their trace wants it. From 0 to 1
 */
public record Tracing(URI collector, double ratio) {
    private static final double DEFAULT_RATIO = 0.01;

    static Tracing read(Section section) {
        return new Tracing(
                section.required("collector", url()),
                section.optional("sample", percentage(), DEFAULT_RATIO));
    }

    private static Scalar<URI> url() {
        return Scalars.parsed(
                URI.create("http://127.0.0.1"),
                Tracing::parse,
                "the URL of a collector, like http://127.0.0.1:4318/v1/traces");
    }

    private static URI parse(String text) {
        URI uri = URI.create(text);
        String scheme = uri.getScheme();
        boolean port = uri.getPort() == -1 || (uri.getPort() > 0 && uri.getPort() <= 0xffff);
        if (!port || uri.getHost() == null || !("http".equals(scheme) || "https".equals(scheme))) {
            throw new IllegalArgumentException("not of HTTP");
        }
        return uri;
    }

    private static Scalar<Double> percentage() {
        return Scalars.parsed(
                0.0, Tracing::share, Tracing::percent, "a percentage from 0% to 100%, like 0.5%");
    }

    private static String percent(double share) {
        return BigDecimal.valueOf(share).movePointRight(2).stripTrailingZeros().toPlainString()
                + "%";
    }

    private static double share(String text) {
        if (!text.matches("[0-9]{1,3}(\\.[0-9]{1,6})?%")) {
            throw new IllegalArgumentException("no percentage");
        }
        double percent = Double.parseDouble(text.substring(0, text.length() - 1));
        if (percent > 100) {
            throw new IllegalArgumentException("more than all");
        }
        return percent / 100;
    }
}
