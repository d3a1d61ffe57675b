package dev.sluice.cluster.l7;

import dev.sluice.cluster.config.Scalars;
import dev.sluice.cluster.config.Section;

import java.util.Optional;

/**
 * What is told about requests.
 *
 * @param accessLog empty for none
 * @param beginTraces requests that are part of no trace (W3C Trace Context) begin one
 * @param tracing empty: nobody is told of spans
 */
public record Telemetry(
        Optional<AccessLog> accessLog, boolean beginTraces, Optional<Tracing> tracing) {
    static final Telemetry NONE = new Telemetry(Optional.empty(), false, Optional.empty());

    static Telemetry read(Section section) {
        return new Telemetry(
                section.maybeSection("accessLog", AccessLog::read),
                section.optional("beginTraces", Scalars.flag(), false),
                section.maybeSection("tracing", Tracing::read));
    }

    /**
     * A line for each request, stream and refusal.
     *
     * @param file on the proxies; appended to, and made anew when it was moved away
     */
    public record AccessLog(String file, Format format) {
        static AccessLog read(Section section) {
            return new AccessLog(
                    section.required("file", Scalars.path()),
                    section.optional("format", Scalars.oneOf(Format.class), Format.JSON));
        }
    }

    /** How a line is written. */
    public enum Format {
        /** One object. */
        JSON,
        /** Words in a fixed order, much like HAProxy's. */
        LINE
    }
}
