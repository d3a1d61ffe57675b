package dev.sluice.datapath;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.sluice.cluster.packet.RedirectCounter;
import dev.sluice.cluster.pool.Bind;
import dev.sluice.cluster.pool.PoolSpec;
import dev.sluice.cluster.table.ForwardingTable;

import org.junit.jupiter.api.Test;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.DatagramChannel;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.LockSupport;

/** Directors' processes come and go under traffic. Datagrams, because nobody repeats a lost one. */
class TakeoverIT {
    private static final Logger LOG = LoggerFactory.getLogger(TakeoverIT.class);
    private static final int TAKEOVERS = 15;
    private static final long PAUSE_NANOS = 100_000;

    /** A veth device queues 256 frames; what comes on top is lost, whoever forwards. */
    private static final long MAX_UNDERWAY = 100;

    private static ForwardingTable table(long generation) {
        Bind udp = new Bind(TestPools.VIP, 32, Bind.Protocol.UDP, TestPools.PORT, TestPools.PORT);
        return TestPools.table(
                TestPools.spec(PoolSpec.Wire.SLUICE, List.of(udp)), generation, "p1");
    }

    @Test
    void noPacketIsLostWhileDirectorsTakeOverFromEachOther() throws Exception {
        Capability.BPF.require();
        Capability.NAMESPACES.require();
        try (Fabric fabric = Fabric.routed(1);
                Tier tier = new Tier(fabric, Transmit.toSender());
                Receiver receiver = new Receiver(fabric.node("p1"));
                Sender sender = new Sender(fabric.node(Fabric.CLIENT), receiver)) {
            tier.install(table(1));
            sender.start();
            for (int i = 0; i < TAKEOVERS; i++) {
                tier.closeDirector();
                sender.awaitMore(50);
                tier.takeOverDirector();
                assertThat(tier.directorInstalled()).isEqualTo(Map.of("web", i + 1L));
                tier.install(table(i + 2));
            }
            long sent = sender.stop();

            await().untilAsserted(() -> assertThat(receiver.received()).isEqualTo(sent));
            assertThat(tier.packets("p1", RedirectCounter.KEPT_STATELESS)).isEqualTo(sent);
            LOG.atInfo()
                    .addKeyValue("takeovers", TAKEOVERS)
                    .addKeyValue("sent", sent)
                    .addKeyValue("received", receiver.received())
                    .log("takeover.counted");
        }
    }

    @Test
    void noPacketIsLostWhileHostsAreUpgradedToAnotherLayout() throws Exception {
        Capability.BPF.require();
        Capability.NAMESPACES.require();
        try (Fabric fabric = Fabric.routed(1);
                Tier tier = new Tier(fabric, Transmit.toSender());
                Receiver receiver = new Receiver(fabric.node("p1"));
                Sender sender = new Sender(fabric.node(Fabric.CLIENT), receiver)) {
            tier.install(table(1));
            sender.start();
            for (int i = 1; i <= TAKEOVERS; i++) {
                sender.awaitMore(50);
                tier.upgrade(table(i));
                tier.install(table(i + 1));
            }
            long sent = sender.stop();

            await().untilAsserted(() -> assertThat(receiver.received()).isEqualTo(sent));
        }
    }

    /** Counts the datagrams that reach a proxy's VIP. */
    private static final class Receiver implements AutoCloseable {
        private final AtomicLong received = new AtomicLong();
        private final DatagramChannel channel;

        Receiver(TestNamespace proxy) {
            channel =
                    proxy.call(() ->
                            DatagramChannel.open()
                                    .bind(
                                            new InetSocketAddress(
                                                    TestPools.VIP.inet(), TestPools.PORT)));
            proxy.namespace().thread("receiver", this::receive).start();
        }

        long received() {
            return received.get();
        }

        private void receive() {
            ByteBuffer datagram = ByteBuffer.allocate(2048);
            try {
                while (channel.receive(datagram.clear()) != null) {
                    received.incrementAndGet();
                }
            } catch (IOException expected) {
                // The channel is closed: the test is over.
            }
        }

        @Override
        public void close() throws IOException {
            channel.close();
        }
    }

    /** Sends datagrams to the VIP one after the other, at a pace that every queue bears. */
    private static final class Sender implements AutoCloseable {
        private final AtomicLong sent = new AtomicLong();
        private final AtomicBoolean stopped = new AtomicBoolean();
        private final Receiver receiver;
        private final Thread thread;

        Sender(TestNamespace client, Receiver receiver) {
            this.receiver = receiver;
            thread = client.namespace().thread("sender", this::send);
        }

        void start() {
            thread.start();
        }

        void awaitMore(long datagrams) {
            long goal = sent.get() + datagrams;
            await().until(() -> sent.get() >= goal);
        }

        long stop() throws InterruptedException {
            stopped.set(true);
            thread.join();
            return sent.get();
        }

        private void send() {
            try (DatagramChannel channel = DatagramChannel.open()) {
                channel.connect(new InetSocketAddress(TestPools.VIP.inet(), TestPools.PORT));
                while (!stopped.get()) {
                    if (sent.get() - receiver.received() < MAX_UNDERWAY) {
                        channel.write(ByteBuffer.allocate(64));
                        sent.incrementAndGet();
                    }
                    LockSupport.parkNanos(PAUSE_NANOS);
                }
            } catch (IOException e) {
                throw new AssertionError(e);
            }
        }

        @Override
        public void close() {
            stopped.set(true);
        }
    }
}
