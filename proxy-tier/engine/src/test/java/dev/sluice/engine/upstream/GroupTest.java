package dev.sluice.engine.upstream;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.cluster.l7.L7Config;
import dev.sluice.cluster.l7.Upstream;
import dev.sluice.engine.balance.Endpoint;
import dev.sluice.engine.balance.EndpointStatus;

import org.junit.jupiter.api.Test;

import java.util.HashSet;
import java.util.Optional;
import java.util.Set;

final class GroupTest {
    private static final String FOUR =
            "\"198.18.3.1:80\", \"198.18.3.2:80\", \"198.18.3.3:80\", \"198.18.3.4:80\"";

    @Test
    void aSearchTriesNobodyTwiceAndGivesUpAfterThree() {
        Group group = group(FOUR);
        Search search = new Search(group, 0);
        Set<Endpoint> tried = new HashSet<>();
        tried.add(search.next(0));
        tried.add(search.nextAfterFailure("refused", 0));
        tried.add(search.nextAfterFailure("refused", 0));
        assertThat(tried).hasSize(3).doesNotContainNull();
        assertThat(search.nextAfterFailure("refused", 0)).isNull();
    }

    @Test
    void aSearchIsAtOneEndpointAtATime() {
        Group group = group(FOUR);
        Search search = new Search(group, 0);
        search.next(0);
        search.nextAfterFailure("refused", 0);
        assertThat(inFlight(group)).isEqualTo(1);
        search.leave();
        search.leave();
        assertThat(inFlight(group)).isZero();
        search.next(0);
        search.becomeTunnel();
        assertThat(inFlight(group)).isEqualTo(1);
        search.leave();
        assertThat(inFlight(group)).isZero();
    }

    private static int inFlight(Group group) {
        return group.endpoints().status(0).stream().mapToInt(EndpointStatus::inFlight).sum();
    }

    @Test
    void withoutAnotherEndpointThereIsNone() {
        assertThat(new Search(group(""), 0).next(0)).isNull();
        Search search = new Search(group("\"198.18.3.1:80\""), 0);
        assertThat(search.next(0)).isNotNull();
        assertThat(search.hasOthers()).isFalse();
        assertThat(search.nextAfterFailure("refused", 0)).isNull();
    }

    @Test
    void anotherDescriptionKeepsWhatIsKnownUnlessEndpointsAreSpokenToDifferently() {
        Group group = group(FOUR);
        assertThat(group.replacedBy(group.upstream(), null, null)).isSameAs(group);
        Group changed =
                group.replacedBy(upstream("\"198.18.3.1:80\", \"198.18.3.9:80\""), null, null);
        assertThat(changed.endpoints()).isSameAs(group.endpoints());
        assertThat(group.endpoints().addresses()).hasSize(4);
        changed.activate(0);
        assertThat(group.endpoints().addresses()).hasSize(2);
        Group other = group.replacedBy(upstream(FOUR, "version: h2"), null, null);
        assertThat(other.endpoints()).isNotSameAs(group.endpoints());
    }

    @Test
    void onlySoManyRequestsAreOnTheirWay() {
        Group group = group("");
        assertThat(group.enter()).isTrue();
        assertThat(group.enter()).isTrue();
        assertThat(group.enter()).isFalse();
        group.leave();
        assertThat(group.enter()).isTrue();
    }

    @Test
    void onlyAShareOfTheRequestsIsOnItsSecondAttempt() {
        Upstream.Retries retries = new Upstream.Retries(20, 3, 1_000, Optional.empty());
        assertThat(retries.budget(0)).isEqualTo(3);
        assertThat(retries.budget(15)).isEqualTo(3);
        assertThat(retries.budget(20)).isEqualTo(4);
        assertThat(retries.budget(4_900)).isEqualTo(980);
        assertThat(retries.budget(1_000_000)).isEqualTo(1_000);
        Group group = group("");
        for (int i = 0; i < 3; i++) {
            assertThat(group.enterRetry()).isTrue();
        }
        assertThat(group.enterRetry()).isFalse();
        group.leaveRetry();
        assertThat(group.enterRetry()).isTrue();
    }

    @Test
    void tunnelsDoNotCountAmongTheRequestsThatRetriesAreAShareOf() {
        Group group = group(upstream(FOUR, "retries: {percent: 100, least: 0}"));
        group.enter();
        Search search = new Search(group, 0);
        search.next(0);
        search.becomeTunnel();
        assertThat(group.enterRetry()).isFalse();
        group.enter();
        assertThat(group.enterRetry()).isTrue();
        assertThat(group.enterRetry()).isFalse();
        search.leave();
        group.leave();
        assertThat(group.enterRetry()).isFalse();
        group.enter();
        assertThat(group.enterRetry()).isTrue();
    }

    private static Group group(String endpoints) {
        return group(upstream(endpoints));
    }

    private static Group group(Upstream upstream) {
        Group group = new Group(upstream, null, null, "");
        group.activate(0);
        return group;
    }

    private static Upstream upstream(String endpoints) {
        return upstream(endpoints, "maxRequests: 2");
    }

    private static Upstream upstream(String endpoints, String more) {
        return L7Config.parse(
                        "test.yaml",
                        """
                        listeners: [{name: web, addresses: ["198.18.0.1:80"]}]
                        upstreams: [{name: app, endpoints: [%s], %s}]
                        """
                                .formatted(endpoints, more))
                .orElseThrow()
                .upstreams()
                .getFirst();
    }
}
