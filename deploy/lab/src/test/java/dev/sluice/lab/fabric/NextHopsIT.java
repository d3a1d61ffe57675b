package dev.sluice.lab.fabric;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.lab.Capabilities;
import dev.sluice.lab.process.Command;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

import java.io.IOException;
import java.util.List;

/** On a router of its own with a link to nowhere. */
class NextHopsIT {
    private static final String VIP = "203.0.113.10";
    private static final HostNamespace ROUTER = new HostNamespace(Capabilities.labName("nexthops"));

    @BeforeEach
    void makeRouter() throws IOException {
        Capabilities.requireLab();
        Command.run("ip", "netns", "delete", ROUTER.name());
        IpBatch.onHost().add("netns add " + ROUTER.name()).run();
        IpBatch.in(ROUTER.name())
                .add("link add eth0 type veth peer name far")
                .add("address add 198.18.64.2/24 dev eth0")
                .add("link set far up")
                .add("link set eth0 up")
                .run();
    }

    @AfterEach
    void removeRouter() throws IOException {
        Command.run("ip", "netns", "delete", ROUTER.name());
    }

    private static String routes() throws IOException {
        return Command.require("ip", "-n", ROUTER.name(), "route", "show", VIP);
    }

    @Test
    void spreadsTheVipOverThoseThatAreThere() throws IOException {
        NextHops hops = new NextHops(List.of(VIP));
        ROUTER.run(hops::start);
        assertThat(routes()).isEqualTo("unreachable " + VIP + " metric 9999");

        ROUTER.run(() -> hops.add("198.18.64.31", "eth0"));
        ROUTER.run(() -> hops.add("198.18.64.32", "eth0"));
        ROUTER.run(() -> hops.add("198.18.64.32", "eth0"));
        assertThat(routes()).contains("via 198.18.64.31").contains("via 198.18.64.32");

        ROUTER.run(() -> hops.remove("198.18.64.31"));
        assertThat(routes()).doesNotContain("198.18.64.31").contains("via 198.18.64.32");

        ROUTER.run(() -> hops.remove("198.18.64.32"));
        assertThat(routes()).isEqualTo("unreachable " + VIP + " metric 9999");

        ROUTER.run(() -> hops.add("198.18.64.31", "eth0"));
        assertThat(routes()).contains("via 198.18.64.31");
    }
}
