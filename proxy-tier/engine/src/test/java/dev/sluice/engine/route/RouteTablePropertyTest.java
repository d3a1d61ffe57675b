package dev.sluice.engine.route;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.cluster.l7.route.Action;
import dev.sluice.cluster.l7.route.Condition;
import dev.sluice.cluster.l7.route.HostPattern;
import dev.sluice.cluster.l7.route.Match;
import dev.sluice.cluster.l7.route.PathMatch;
import dev.sluice.cluster.l7.route.PathTemplate;
import dev.sluice.cluster.l7.route.Regex;
import dev.sluice.cluster.l7.route.Rewrite;
import dev.sluice.cluster.l7.route.Route;
import dev.sluice.cluster.l7.route.Split;
import dev.sluice.cluster.l7.route.ValueMatch;
import dev.sluice.engine.http.Forwarding;
import dev.sluice.engine.http.Name;
import dev.sluice.engine.http.Peer;
import dev.sluice.engine.http.RequestHead;

import org.jspecify.annotations.Nullable;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Random;
import java.util.Set;

/** The compiled table says what asking every route in the order of rank says. */
final class RouteTablePropertyTest {
    private static final List<String> LABELS = List.of("a", "b", "c");
    private static final List<String> SEGMENTS = List.of("x", "y", "z", "xx");
    private static final List<String> METHODS = List.of("GET", "PUT");
    private static final Peer PEER = Requests.from("203.0.113.9");

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3, 4, 5, 6, 7, 8})
    void asTheNaiveMatcher(long seed) {
        Random random = new Random(seed);
        int answered = 0;
        for (int round = 0; round < 60; round++) {
            List<Route> routes = new ArrayList<>();
            int count = 1 + random.nextInt(round + 1);
            for (int i = 0; i < count; i++) {
                routes.add(route(random, i));
            }
            RouteTable<Route> table = new RouteTable<>(routes, new Forwarding(List.of()), r -> r);
            for (int i = 0; i < 200; i++) {
                RequestHead head = request(random);
                Route expected = naive(routes, head);
                assertThat(table.find(head, PEER))
                        .as("seed %d, %s among %s", seed, head, routes)
                        .isSameAs(expected);
                answered += expected == null ? 0 : 1;
            }
        }
        assertThat(answered).isGreaterThan(1_000);
    }

    private static @Nullable Route naive(List<Route> routes, RequestHead head) {
        return routes.stream()
                .sorted(Comparator.comparing(Route::match, Match.RANK))
                .filter(route -> isFor(route.match(), head))
                .findFirst()
                .orElse(null);
    }

    private static boolean isFor(Match match, RequestHead head) {
        boolean host =
                switch (match.host()) {
                    case HostPattern.Any _ -> true;
                    case HostPattern.Exact(String name) -> name.equals(head.host());
                    case HostPattern.Below(String suffix) -> head.host().endsWith(suffix);
                };
        return host
                && match.path().matches(head.path())
                && match.conditions().stream().allMatch(one -> holds(one, head));
    }

    private static boolean holds(Condition condition, RequestHead head) {
        return switch (condition) {
            case Condition.Methods(Set<String> names) -> names.contains(head.method());
            case Condition.Carries(Condition.Source _, String name, ValueMatch value) -> {
                List<String> values = head.fields().all(Name.of(name));
                yield value instanceof ValueMatch.Absent
                        ? values.isEmpty()
                        : values.stream().anyMatch(value::fits);
            }
            case Condition.Secure _, Condition.Clients _ -> throw new AssertionError(condition);
        };
    }

    // ---- at random

    private static Route route(Random random, int number) {
        Match match =
                new Match(
                        random.nextInt(4) == 0 ? random.nextInt(-2, 3) : 0,
                        host(random),
                        path(random),
                        conditions(random));
        return Route.plain(
                "route-" + number, match, new Action.Forward(Split.only("a"), Rewrite.NONE));
    }

    private static HostPattern host(Random random) {
        return switch (random.nextInt(3)) {
            case 0 -> new HostPattern.Any();
            case 1 -> new HostPattern.Exact(name(random));
            default -> new HostPattern.Below("." + name(random));
        };
    }

    private static String name(Random random) {
        List<String> labels = new ArrayList<>();
        for (int i = random.nextInt(3); i >= 0; i--) {
            labels.add(any(LABELS, random));
        }
        return String.join(".", labels);
    }

    private static PathMatch path(Random random) {
        return switch (random.nextInt(6)) {
            case 0 -> new PathMatch.Exact(plain(random) + (random.nextInt(4) == 0 ? "/" : ""));
            case 1 -> new PathMatch.Like(template(random));
            case 2 -> new PathMatch.Matching(Regex.of(plain(random) + "(/[xy]+)*/?"));
            case 3 -> new PathMatch.Matching(Regex.of("/[xz]?" + plain(random) + "|/y.*"));
            case 4 -> PathMatch.all();
            default -> new PathMatch.Prefix(plain(random));
        };
    }

    private static PathTemplate template(Random random) {
        StringBuilder text = new StringBuilder();
        for (int i = 0; i <= random.nextInt(4); i++) {
            text.append('/').append(random.nextBoolean() ? any(SEGMENTS, random) : "{v" + i + "}");
        }
        return PathTemplate.parse(text + (random.nextInt(6) == 0 ? "/" : ""));
    }

    private static String plain(Random random) {
        StringBuilder text = new StringBuilder();
        for (int i = 0; i <= random.nextInt(4); i++) {
            text.append('/').append(any(SEGMENTS, random));
        }
        return text.toString();
    }

    private static List<Condition> conditions(Random random) {
        List<Condition> all = new ArrayList<>();
        if (random.nextInt(4) == 0) {
            all.add(new Condition.Methods(Set.of(any(METHODS, random))));
        }
        if (random.nextInt(4) == 0) {
            ValueMatch value =
                    random.nextBoolean() ? new ValueMatch.Absent() : new ValueMatch.Begins("v");
            all.add(new Condition.Carries(Condition.Source.HEADER, "h", value));
        }
        return all;
    }

    private static RequestHead request(Random random) {
        String path = random.nextInt(10) == 0 ? "/" : plain(random);
        String slash = random.nextInt(6) == 0 && path.length() > 1 ? "/" : "";
        String method = any(METHODS, random);
        return random.nextBoolean()
                ? Requests.of(method, name(random), path + slash)
                : Requests.of(method, name(random), path + slash, "h", "value");
    }

    private static <T> T any(List<T> list, Random random) {
        return list.get(random.nextInt(list.size()));
    }
}
