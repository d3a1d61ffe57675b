package dev.sluice.testing;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * The metrics that the dashboards and alert rules in {@code deploy/grafana} go by. A role that does
 * not export one of its own leaves a panel empty, or an alarm silent, and nobody notices.
 */
public final class Dashboards {
    private static final Pattern NAME = Pattern.compile("\\bsluice_[a-z_]+");
    private static final Pattern EXPORTED =
            Pattern.compile("^# TYPE (sluice_[a-z_]+) (\\w+)$", Pattern.MULTILINE);
    private static final List<String> TIERS =
            List.of("sluice_director_", "sluice_proxy_", "sluice_control_");

    private Dashboards() {}

    /**
     * Those that the role should export and does not.
     *
     * @param tier {@code director}, {@code proxy} or {@code control}
     * @param metrics what it exports, in Prometheus' text format
     * @throws IllegalStateException if nothing at all is asked of the role
     */
    public static Set<String> missing(String tier, String metrics) throws IOException {
        Set<String> asked = asked("sluice_" + tier + "_");
        if (asked.isEmpty()) {
            throw new IllegalStateException("no dashboard has a metric of the " + tier);
        }
        asked.removeAll(exported(metrics));
        return asked;
    }

    private static Set<String> exported(String metrics) {
        Set<String> names = new TreeSet<>();
        Matcher types = EXPORTED.matcher(metrics);
        while (types.find()) {
            if (types.group(2).equals("histogram")) {
                Stream.of("_bucket", "_sum", "_count")
                        .forEach(suffix -> names.add(types.group(1) + suffix));
            } else {
                names.add(types.group(1));
            }
        }
        return names;
    }

    private static Set<String> asked(String prefix) throws IOException {
        Set<String> names = new TreeSet<>();
        try (Stream<Path> files = Files.list(folder())) {
            for (Path file : files.toList()) {
                Matcher name = NAME.matcher(Files.readString(file));
                while (name.find()) {
                    if (TIERS.stream().noneMatch(name.group()::startsWith)) {
                        throw new IllegalStateException(file + ": whose is " + name.group() + "?");
                    }
                    names.add(name.group());
                }
            }
        }
        names.removeIf(name -> !name.startsWith(prefix));
        return names;
    }

    /** {@code deploy/grafana}, from wherever the tests of a module run. */
    public static Path folder() {
        Path at = Path.of("").toAbsolutePath();
        while (at != null && !Files.isDirectory(at.resolve("deploy/grafana"))) {
            at = at.getParent();
        }
        if (at == null) {
            throw new IllegalStateException("deploy/grafana is nowhere above this folder");
        }
        return at.resolve("deploy/grafana");
    }
}
