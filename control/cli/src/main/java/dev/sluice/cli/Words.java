package dev.sluice.cli;

import com.google.protobuf.Descriptors.EnumValueDescriptor;
import com.google.protobuf.ProtocolMessageEnum;

import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.time.format.DateTimeFormatter;
import java.util.List;
import java.util.Locale;

/** How values read. */
final class Words {
    private static final DateTimeFormatter TIME =
            DateTimeFormatter.ofPattern("yyyy-MM-dd HH:mm:ss").withZone(ZoneId.systemDefault());

    private Words() {}

    static String of(ProtocolMessageEnum constant) {
        return of(constant.getValueDescriptor());
    }

    /** {@code PROXY_STATE_DRAINING} of the type {@code ProxyState} is {@code draining}. */
    static String of(EnumValueDescriptor constant) {
        String prefix = snake(constant.getType().getName()) + "_";
        String name = constant.getName();
        String bare = name.startsWith(prefix) ? name.substring(prefix.length()) : name;
        return bare.toLowerCase(Locale.ROOT);
    }

    private static String snake(String camel) {
        return camel.replaceAll("(?<=[a-z])(?=[A-Z])", "_").toUpperCase(Locale.ROOT);
    }

    /** The two largest units: {@code 27m 13s}. */
    static String duration(long millis) {
        Duration d = Duration.ofMillis(Math.max(0, millis));
        if (d.toDays() > 0) {
            return d.toDays() + "d " + d.toHoursPart() + "h";
        }
        if (d.toHours() > 0) {
            return d.toHours() + "h " + d.toMinutesPart() + "m";
        }
        if (d.toMinutes() > 0) {
            return d.toMinutes() + "m " + d.toSecondsPart() + "s";
        }
        return d.toSeconds() + "s";
    }

    /** Wall clock, to the second, in this host's zone. */
    static String time(long unixMs) {
        return TIME.format(Instant.ofEpochMilli(unixMs));
    }

    static String count(long n, String noun) {
        return n + " " + noun + (n == 1 ? "" : "s");
    }

    /** Which proxies tried a configuration. */
    static String triedBy(List<String> proxies) {
        return proxies.isEmpty()
                ? "tried by nobody: no proxy is running"
                : "tried by " + String.join(", ", proxies);
    }
}
