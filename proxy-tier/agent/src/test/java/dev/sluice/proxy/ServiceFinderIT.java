package dev.sluice.proxy;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.cluster.config.HostPort;
import dev.sluice.cluster.l7.Discovery;
import dev.sluice.cluster.l7.EndpointSpec;
import dev.sluice.cluster.zookeeper.ClusterStore;
import dev.sluice.engine.discovery.Finder;
import dev.sluice.engine.discovery.Finding;

import org.apache.curator.framework.CuratorFramework;
import org.apache.curator.framework.CuratorFrameworkFactory;
import org.apache.curator.retry.RetryOneTime;
import org.apache.curator.test.TestingServer;
import org.apache.curator.x.discovery.ServiceDiscovery;
import org.apache.curator.x.discovery.ServiceDiscoveryBuilder;
import org.apache.curator.x.discovery.ServiceInstance;
import org.junit.jupiter.api.Test;

import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.function.Predicate;

/** Instances that Curator's own service discovery registers. */
final class ServiceFinderIT {
    private static final Discovery.Services APP = new Discovery.Services("/services/app");
    private final BlockingQueue<Finding> heard = new LinkedBlockingQueue<>();

    private Finding await(Predicate<Finding> wanted) throws InterruptedException {
        for (Finding next = next(); ; next = next()) {
            if (wanted.test(next)) {
                return next;
            }
        }
    }

    private Finding next() throws InterruptedException {
        Finding next = heard.poll(60, TimeUnit.SECONDS);
        assertThat(next).isNotNull();
        return next;
    }

    private static Finding.Found found(String... addresses) {
        return new Finding.Found(
                Arrays.stream(addresses)
                        .map(address -> new EndpointSpec(HostPort.parse(address)))
                        .toList());
    }

    private static ServiceInstance<Void> instance(String id, String address) throws Exception {
        return ServiceInstance.<Void>builder()
                .name("app")
                .id(id)
                .address(address)
                .port(8080)
                .build();
    }

    private static ClusterStore store(TestingServer server) {
        return ClusterStore.of(
                        new ClusterStore.Target(
                                server.getConnectString(), "lab", Duration.ofSeconds(4)))
                .start();
    }

    @Test
    void instancesAreFoundAsTheyComeAndGoAndALostZooKeeperIsSaid() throws Exception {
        try (TestingServer server = new TestingServer();
                CuratorFramework client =
                        CuratorFrameworkFactory.newClient(
                                server.getConnectString(), new RetryOneTime(100));
                ClusterStore store = store(server)) {
            client.start();
            Finder.Search search =
                    new ServiceFinder(store, Optional.of("/services")).find(APP, heard::add);
            await(new Finding.Failed("there is no node /services/app")::equals);
            try (ServiceDiscovery<Void> discovery =
                    ServiceDiscoveryBuilder.builder(Void.class)
                            .client(client)
                            .basePath("/services")
                            .build()) {
                discovery.start();
                discovery.registerService(instance("1", "198.18.3.1"));
                await(found("198.18.3.1:8080")::equals);
                discovery.registerService(instance("2", "198.18.3.2"));
                await(found("198.18.3.1:8080", "198.18.3.2:8080")::equals);
                ServiceInstance<Void> moved = instance("2", "198.18.3.9");
                discovery.updateService(moved);
                await(found("198.18.3.1:8080", "198.18.3.9:8080")::equals);
                discovery.unregisterService(moved);
                await(found("198.18.3.1:8080")::equals);
                server.stop();
                Finding lost = await(finding -> finding instanceof Finding.Failed);
                assertThat(lost.toString()).contains("ZooKeeper did not list /services/app");
                server.restart();
                await(found("198.18.3.1:8080")::equals);
            }
            search.close();
        }
    }

    @Test
    void nothingIsReadThatThisProxyDoesNotAllow() throws Exception {
        try (TestingServer server = new TestingServer();
                ClusterStore store = store(server)) {
            new ServiceFinder(store, Optional.empty()).find(APP, heard::add);
            assertThat(next())
                    .isEqualTo(
                            new Finding.Failed(
                                    "this proxy reads no services: set services in its file"));
            for (String prefix : List.of("/service", "/services/app")) {
                new ServiceFinder(store, Optional.of(prefix)).find(APP, heard::add);
                assertThat(next())
                        .isEqualTo(
                                new Finding.Failed(
                                        "this proxy reads services below "
                                                + prefix
                                                + " only: set services in its file"));
            }
        }
    }
}
