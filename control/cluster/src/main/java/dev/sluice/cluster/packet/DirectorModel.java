package dev.sluice.cluster.packet;

import dev.sluice.cluster.pool.Address;
import dev.sluice.cluster.pool.PoolSpec.HashField;
import dev.sluice.cluster.pool.Proxy;
import dev.sluice.cluster.table.FlowChain;
import dev.sluice.cluster.table.ForwardingTable;

import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * The director program in Java, for a host behind a router: frame in, verdict out. Immutable.
 *
 * @param underlay addresses of the director
 * @param gatewayMac six bytes; empty: whoever sent the frame
 * @param tables of the pools, in the order in which they were installed first
 */
public record DirectorModel(
        Underlay underlay, Optional<byte[]> gatewayMac, List<ForwardingTable> tables) {

    public DirectorModel {
        tables = List.copyOf(tables);
    }

    public DirectorModel(
            Address source, Optional<byte[]> gatewayMac, List<ForwardingTable> tables) {
        this(Underlay.of(source), gatewayMac, tables);
    }

    /**
     * @param bytes an Ethernet frame
     */
    public FrameVerdict<DirectorCounter> process(byte[] bytes) {
        Frame frame = Frame.of(bytes);
        return Link.read(frame)
                .map(link ->
                        link.isIp()
                                ? processIp(frame, link, bytes)
                                : FrameVerdict.pass(bytes, DirectorCounter.PASS_NOT_IP))
                .orElseGet(() -> FrameVerdict.pass(bytes, DirectorCounter.PASS_TRUNCATED));
    }

    private FrameVerdict<DirectorCounter> processIp(Frame frame, Link link, byte[] bytes) {
        return switch (InnerPacket.read(frame, link.length(), link.type())) {
            case InnerPacket.Reading.Not(InnerPacket.Fault fault) ->
                    FrameVerdict.pass(bytes, passReason(fault));
            case InnerPacket.Reading.Of(InnerPacket packet) ->
                    switch (new PoolLookup(tables).find(packet)) {
                        case PoolLookup.Found.Nobody() ->
                                FrameVerdict.pass(bytes, DirectorCounter.PASS_NO_BIND);
                        case PoolLookup.Found.Several() ->
                                FrameVerdict.drop(DirectorCounter.DROP_FRAGMENT);
                        case PoolLookup.Found.Pool(ForwardingTable table) ->
                                forward(frame, link, packet, table);
                    };
        };
    }

    private static DirectorCounter passReason(InnerPacket.Fault fault) {
        return switch (fault) {
            case TRUNCATED -> DirectorCounter.PASS_TRUNCATED;
            case MALFORMED -> DirectorCounter.PASS_MALFORMED;
            case EXTENSIONS -> DirectorCounter.PASS_EXTENSIONS;
            case PROTOCOL -> DirectorCounter.PASS_PROTOCOL;
            case QUOTE -> DirectorCounter.PASS_QUOTE;
        };
    }

    private static boolean hashesPorts(ForwardingTable table) {
        Set<HashField> fields = table.spec().hashFields();
        return fields.contains(HashField.SOURCE_PORT)
                || fields.contains(HashField.DESTINATION_PORT);
    }

    private FrameVerdict<DirectorCounter> forward(
            Frame frame, Link link, InnerPacket packet, ForwardingTable table) {
        if (packet.kind() == InnerPacket.Kind.FRAGMENT && hashesPorts(table)) {
            return FrameVerdict.drop(DirectorCounter.DROP_FRAGMENT);
        }
        FlowChain chain = FlowChain.of(table, packet.flow());
        if (chain.hops().isEmpty()) {
            return FrameVerdict.drop(DirectorCounter.DROP_NO_HOPS);
        }
        List<Address> hops = chain.hops().stream().map(Proxy::address).toList();
        int overhead = overhead(table);
        if (underlay.mtu() > 0 && packet.length() + overhead > underlay.mtu()) {
            return refuseTooBig(frame, link, packet, underlay.mtu() - overhead);
        }
        Encapsulation outer =
                new Encapsulation(
                        underlay.towards(hops.getFirst()),
                        Encapsulation.sourcePort(chain.hash(), packet.portHint()),
                        table.spec().wire(),
                        table.generation(),
                        chain.open(),
                        0,
                        hops);
        if (outer.length() + packet.length() > Wire.MAX_LENGTH) {
            return FrameVerdict.drop(DirectorCounter.DROP_TOO_BIG);
        }
        byte[] mac = gatewayMac.orElse(link.source());
        return new FrameVerdict<>(
                FrameVerdict.Action.TX,
                link.sentTo(mac, outer.type()).frame(outer.headers(packet), frame, link.length()),
                Set.of(DirectorCounter.FORWARDED));
    }

    /** The length of the longest outer headers that a packet of this table's pool may get. */
    public static int overhead(ForwardingTable table) {
        boolean isIpv4 = table.proxies().stream().allMatch(p -> p.address().isIpv4());
        return Encapsulation.longest(table.spec().wire(), isIpv4, table.spec().isMigrating());
    }

    private static FrameVerdict<DirectorCounter> refuseTooBig(
            Frame frame, Link link, InnerPacket packet, int mtu) {
        int quoted = TooBig.quoted(packet.isIpv4());
        boolean mayAnswer =
                packet.dontFragment()
                        && !packet.kind().isError()
                        && !packet.kind().isFragment()
                        && frame.length() >= link.length() + quoted;
        if (!mayAnswer) {
            return FrameVerdict.drop(DirectorCounter.DROP_TOO_BIG);
        }
        byte[] answer = TooBig.answer(frame.slice(link.length(), quoted), packet.isIpv4(), mtu);
        Frame nothing = Frame.of(new byte[0]);
        return new FrameVerdict<>(
                FrameVerdict.Action.TX,
                link.sentTo(link.source(), link.type()).frame(answer, nothing, 0),
                Set.of(DirectorCounter.TOO_BIG_SENT));
    }
}
