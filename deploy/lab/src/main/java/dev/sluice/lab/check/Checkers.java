package dev.sluice.lab.check;

import java.util.List;

/** All there are. */
public final class Checkers {
    private static final List<Checker> ALL =
            List.of(
                    new PinnedConnections(),
                    new Answers(),
                    new Deliveries(),
                    new NewRequests(),
                    new LastResort(),
                    new Recovery(),
                    new Leaks());

    private Checkers() {}

    public static List<Checker> all() {
        return ALL;
    }
}
