package dev.sluice.engine;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.engine.balance.EndpointStatus;

import org.junit.jupiter.api.Test;

/** A proxy in zone a. */
final class ZonesIT {

    private static Bench bench(Server near, Server far) {
        Bench bench = new Bench(EngineOptions.defaults("p").inZone("a"));
        bench.apply(
                bench.listener("")
                        + """
                        upstreams:
                          - name: app
                            endpoints:
                              - {address: "%s", zone: a}
                              - {address: "%s", zone: b}
                        routes: [{upstream: app}]
                        """
                                .formatted(near.address(), far.address()));
        return bench;
    }

    @Test
    void requestsGoToTheProxysZoneAndElsewhereWhenNobodyIsLeftThere() {
        Server near = Server.saying("near");
        try (Server far = Server.saying("far");
                Bench bench = bench(near, far)) {
            for (int i = 0; i < 20; i++) {
                assertThat(bench.get("/").text()).isEqualTo("near");
            }
            near.close();
            // At first by a second attempt, then by the ejection of the one that is gone.
            for (int i = 0; i < 20; i++) {
                assertThat(bench.get("/").text()).isEqualTo("far");
            }
            assertThat(bench.engine.upstreams().getFirst().endpoints())
                    .extracting(EndpointStatus::use)
                    .containsExactly(EndpointStatus.Use.EJECTED, EndpointStatus.Use.USED);
        }
    }

    @Test
    void anotherConfigurationMovesThem() {
        try (Server near = Server.saying("near");
                Server far = Server.saying("far");
                Bench bench = bench(near, far)) {
            assertThat(bench.get("/").text()).isEqualTo("near");
            bench.apply(
                    bench.listener("")
                            + """
                            upstreams:
                              - name: app
                                endpoints:
                                  - {address: "%s", zone: c}
                                  - {address: "%s", zone: a}
                            routes: [{upstream: app}]
                            """
                                    .formatted(near.address(), far.address()));
            for (int i = 0; i < 20; i++) {
                assertThat(bench.get("/").text()).isEqualTo("far");
            }
        }
    }
}
