package dev.sluice.datapath;

import java.util.List;
import java.util.stream.Stream;

/** The two programs that share the layout of table.h. */
enum Program {
    DIRECTOR(1, "director.bpf.o", "director"),
    REDIRECT(2, "redirect.bpf.o", "redirect");

    private static final List<String> SHARED_MAPS =
            List.of(
                    "pools",
                    "binds",
                    "counters",
                    "bind_traffic",
                    "hop_traffic",
                    "watched",
                    DatapathMaps.CONFIG);
    private static final List<String> DIRECTOR_MAPS =
            List.of(CaptureMaps.FILTER, CaptureMaps.STATE, CaptureMaps.RING);
    private static final List<String> REDIRECT_MAPS = List.of(DatapathMaps.LEASES, "peers");
    private static final int LAYOUT_VERSION = 6;

    private final int number;
    private final String resource;
    private final String function;

    Program(int number, String resource, String function) {
        this.number = number;
        this.resource = resource;
        this.function = function;
    }

    String resource() {
        return resource;
    }

    String function() {
        return function;
    }

    List<String> maps() {
        return switch (this) {
            case DIRECTOR -> with(DIRECTOR_MAPS);
            case REDIRECT -> with(REDIRECT_MAPS);
        };
    }

    private static List<String> with(List<String> own) {
        return Stream.concat(own.stream(), SHARED_MAPS.stream()).toList();
    }

    /** What an operator does about pins of another layout. */
    String wayOut() {
        return switch (this) {
            case DIRECTOR ->
                    "take the host out of service by 'sluice director withdraw', remove the pins,"
                            + " then start again";
            case REDIRECT ->
                    "let the version that made them run while the proxy drains, stop it, remove the"
                            + " pins, then start again";
        };
    }

    /** What the pinned configuration starts with. */
    int layout() {
        return number << 16 | LAYOUT_VERSION;
    }
}
