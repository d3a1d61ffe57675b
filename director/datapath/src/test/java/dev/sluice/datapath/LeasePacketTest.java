package dev.sluice.datapath;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.sluice.cluster.packet.RedirectCounter;
import dev.sluice.cluster.pool.Address;
import dev.sluice.cluster.table.ForwardingTable;
import dev.sluice.datapath.TestFrames.Stamp;

import org.junit.jupiter.api.Test;

import java.time.Duration;
import java.util.List;

/** PROTOCOL rule 20: being confirmed is a time on the kernel's clock, and it runs out. */
class LeasePacketTest {
    private static final long LEASE_NANOS = Duration.ofMillis(300).toNanos();

    @Test
    void anUnknownPacketOnTheLastHopIsKeptUntilTheLeaseRunsOut() {
        Capability.BPF.require();
        ForwardingTable table = TestPools.table(7, "p1 p2");
        List<Address> chain = RedirectCase.chain(table);
        byte[] frame =
                TestFrames.sluice(
                        RedirectCase.DIRECTOR,
                        chain.get(1),
                        Stamp.of(7).at(1),
                        chain.subList(1, 2),
                        RedirectCase.tcp(TestFrames.ACK));
        try (LoadedRedirect redirect = new LoadedRedirect(chain.get(1), Transmit.toSender())) {
            int slot = redirect.install(table, false);
            assertThat(redirect.run(frame).counters())
                    .containsExactly(RedirectCounter.DROP_UNCONFIRMED);

            redirect.leases().put(slot, KernelClock.nowNanos() + LEASE_NANOS);
            assertThat(redirect.run(frame).counters())
                    .containsExactly(RedirectCounter.KEPT_LAST_RESORT);

            await().untilAsserted(() ->
                    assertThat(redirect.run(frame).counters())
                            .containsExactly(RedirectCounter.DROP_UNCONFIRMED));
        }
    }
}
