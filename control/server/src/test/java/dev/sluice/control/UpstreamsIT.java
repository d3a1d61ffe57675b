package dev.sluice.control;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.proto.cluster.v1.EndpointState;
import dev.sluice.proto.cluster.v1.UpstreamState;

import org.junit.jupiter.api.Test;

/** What proxies think of endpoints, as an operator is told. */
class UpstreamsIT extends SmallCluster {
    private static UpstreamState upstream(String name, boolean panic) {
        return UpstreamState.newBuilder()
                .setName(name)
                .setPanic(panic)
                .addEndpoints(
                        EndpointState.newBuilder()
                                .setAddress("198.18.3.1:80")
                                .setWeight(1)
                                .setUse("ejected")
                                .addWhy("ejected after 5 failures"))
                .build();
    }

    @Test
    void everyProxyIsAskedAndWhoDoesNotAnswerIsNamed() throws Exception {
        proxies.get(0).know(upstream("app", false), upstream("web", false));
        Sluice.Result all = sluice.run("upstreams");
        assertThat(all.exit()).isZero();
        assertThat(all.out().toString())
                .contains("p1\n  app   requests 0")
                .contains(
                        "198.18.3.1:80  -     ejected  1       0          -        ejected after 5")
                .contains("p2: no upstreams\n")
                .contains("p3: no upstreams");
        assertThat(sluice.run("upstreams", "web").out().toString())
                .contains("  web   requests 0")
                .contains("p2: no upstream 'web'\n")
                .doesNotContain("  app ");
        Sluice.Result unknown = sluice.run("upstreams", "wob");
        assertThat(unknown.exit()).isEqualTo(3);
        assertThat(unknown.err()).contains("no proxy has an upstream 'wob'");
        assertThat(sluice.run("upstreams", "-o", "json").out().toString())
                .contains("\"use\": \"ejected\"");
        proxies.get(0).know(upstream("app", true));
        assertThat(sluice.run("upstreams").exit()).isEqualTo(1);
        proxies.get(2).fallSilent();
        assertThat(sluice.run("upstreams").out().toString())
                .contains("p3: NO ANSWER: no answer within 12 s");
    }

    @Test
    void whatProxiesCouldNotReadIsAskedOfAllOrOfOne() throws Exception {
        Sluice.Result all = sluice.run("errors");
        assertThat(all.exit()).isZero();
        assertThat(all.out().toString())
                .contains("p1\n", "garbage-for-p1", "garbage-for-p2", "garbage-for-p3");
        assertThat(sluice.run("errors", "--proxy", "p2", "-o", "json").out().toString())
                .contains("\"reason\": \"garbage-for-p2\"")
                .doesNotContain("garbage-for-p1");
        Sluice.Result unknown = sluice.run("errors", "--proxy", "p9");
        assertThat(unknown.exit()).isEqualTo(3);
        assertThat(unknown.err()).contains("there is no proxy 'p9'", "sluice status");
    }

    @Test
    void topComparesTwoAnswersOfEachProxy() throws Exception {
        Sluice.Result once = sluice.run("top", "--once");
        assertThat(once.exit()).isZero();
        assertThat(once.out().toString())
                .contains("p1   connections 4711   in flight 0", "p2   conn", "p3   conn");
        Sluice.Result one = sluice.run("top", "--proxy", "p3");
        assertThat(one.out().toString()).contains("p3   conn").doesNotContain("p1");
        assertThat(sluice.run("top", "--proxy", "p9").exit()).isEqualTo(3);
    }
}
