package dev.sluice.engine.route;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.sluice.cluster.l7.route.Condition;
import dev.sluice.cluster.l7.route.RequestKey;
import dev.sluice.cluster.l7.route.Split;
import dev.sluice.engine.http.Forwarding;
import dev.sluice.engine.http.Peer;

import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

final class ChoiceTest {
    private static final int USERS = 10_000;
    private static final Peer PEER = Requests.from("203.0.113.9");
    private static final RequestKey COOKIE =
            new RequestKey.Carried(Condition.Source.COOKIE, "user");

    private static Choice<String> choice(@Nullable RequestKey by, Split.Share... shares) {
        return new Choice<>(
                new Split(List.of(shares), Optional.ofNullable(by)),
                name -> name,
                new Forwarding(List.of()));
    }

    private static Split.Share share(String upstream, int weight) {
        return new Split.Share(upstream, weight);
    }

    /** By user. */
    private static List<String> users(Choice<String> choice) {
        List<String> chosen = new ArrayList<>();
        for (int user = 0; user < USERS; user++) {
            chosen.add(choice.of(Requests.of("GET", "x", "/", "cookie", "user=" + user), PEER));
        }
        return chosen;
    }

    private static long count(List<String> chosen, String upstream) {
        return chosen.stream().filter(upstream::equals).count();
    }

    @Test
    void aCanaryThatGrowsTakesUsersAndGivesNoneBack() {
        List<String> before = users(choice(COOKIE, share("old", 100), share("new", 0)));
        assertThat(count(before, "new")).isZero();
        for (int percent : new int[] {1, 5, 10, 25, 50, 99, 100}) {
            List<String> after =
                    users(choice(COOKIE, share("old", 100 - percent), share("new", percent)));
            for (int user = 0; user < USERS; user++) {
                if (before.get(user).equals("new")) {
                    assertThat(after.get(user)).isEqualTo("new");
                }
            }
            double share = count(after, "new") / (double) USERS;
            // Four standard deviations of so many users.
            double bound = 4 * Math.sqrt(percent / 100.0 * (1 - percent / 100.0) / USERS);
            assertThat(share).isCloseTo(percent / 100.0, within(bound));
            before = after;
        }
    }

    @Test
    void amongThreeOnlyTheOneThatGrowsTakesUsers() {
        List<String> before = users(choice(COOKIE, share("a", 80), share("b", 10), share("c", 10)));
        List<String> after = users(choice(COOKIE, share("a", 80), share("b", 10), share("c", 30)));
        for (int user = 0; user < USERS; user++) {
            if (!after.get(user).equals("c")) {
                assertThat(after.get(user)).isEqualTo(before.get(user));
            }
        }
        assertThat(count(after, "c")).isGreaterThan(count(before, "c"));
    }

    @Test
    void theOrderInTheFileChangesNothing() {
        assertThat(users(choice(COOKIE, share("a", 3), share("b", 7))))
                .isEqualTo(users(choice(COOKIE, share("b", 7), share("a", 3))));
    }

    @Test
    void withoutTheKeyTheClientsAddressDecides() {
        Choice<String> choice = choice(COOKIE, share("a", 1), share("b", 1));
        List<String> chosen = new ArrayList<>();
        for (int i = 0; i < 250; i++) {
            Peer peer = Requests.from("203.0.113." + i);
            String first = choice.of(Requests.get("x", "/"), peer);
            assertThat(choice.of(Requests.get("x", "/other"), peer)).isEqualTo(first);
            chosen.add(first);
        }
        assertThat(chosen).contains("a", "b");
    }

    @Test
    void aClientOfIpv6IsItsNetworkOf64Bits() {
        Choice<String> choice = choice(new RequestKey.Client(), share("a", 1), share("b", 1));
        for (int network = 0; network < 50; network++) {
            Peer one = Requests.from("[2001:db8:0:%x::1]".formatted(network));
            Peer other = Requests.from("[2001:db8:0:%x:1:2:3:4]".formatted(network));
            assertThat(choice.of(Requests.get("x", "/"), one))
                    .isEqualTo(choice.of(Requests.get("x", "/"), other));
        }
    }

    @Test
    void byRequestBothGetTheirPart() {
        Choice<String> choice = choice(null, share("a", 9), share("b", 1));
        List<String> chosen = users(choice);
        // Eight standard deviations: it fails once in 10^15 times.
        assertThat(count(chosen, "b")).isBetween(760L, 1240L);
    }
}
