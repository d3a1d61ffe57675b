package dev.sluice.datapath;

import dev.sluice.cluster.config.AddressBlock;
import dev.sluice.cluster.packet.DirectorCounter;
import dev.sluice.cluster.pool.Bind.Protocol;

import java.util.EnumSet;
import java.util.Optional;
import java.util.Set;

/**
 * Which packets a capture takes: those that meet all of it.
 *
 * @param clientPort 0: any
 * @param vipPort 0: any
 * @param verdicts one of these
 * @param rate packets a second on each CPU; what is above is counted as missed
 */
public record CaptureFilter(
        Optional<AddressBlock> client,
        int clientPort,
        Optional<AddressBlock> vip,
        int vipPort,
        Optional<Protocol> protocol,
        Set<DirectorCounter> verdicts,
        int rate) {
    public static final int MAX_RATE = 100_000;

    public CaptureFilter {
        verdicts = Set.copyOf(verdicts);
        if (rate < 1 || rate > MAX_RATE) {
            throw new IllegalArgumentException(
                    "rate " + rate + ": allowed are 1 to " + MAX_RATE + " packets a second");
        }
        if (client.isPresent()
                && vip.isPresent()
                && client.get().address().isIpv4() != vip.get().address().isIpv4()) {
            throw new IllegalArgumentException(
                    "client "
                            + client.get()
                            + " and VIP "
                            + vip.get()
                            + " are not of one version of IP: no packet has both");
        }
    }

    /** Every packet that comes. */
    public static CaptureFilter all(int rate) {
        return new CaptureFilter(
                Optional.empty(),
                0,
                Optional.empty(),
                0,
                Optional.empty(),
                EnumSet.allOf(DirectorCounter.class),
                rate);
    }
}
