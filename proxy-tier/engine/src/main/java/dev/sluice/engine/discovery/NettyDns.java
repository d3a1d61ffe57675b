package dev.sluice.engine.discovery;

import dev.sluice.cluster.config.HostPort;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import io.netty.channel.AddressedEnvelope;
import io.netty.channel.EventLoop;
import io.netty.channel.socket.DatagramChannel;
import io.netty.channel.socket.SocketChannel;
import io.netty.handler.codec.dns.DefaultDnsQuestion;
import io.netty.handler.codec.dns.DefaultDnsRecordDecoder;
import io.netty.handler.codec.dns.DnsQuestion;
import io.netty.handler.codec.dns.DnsRawRecord;
import io.netty.handler.codec.dns.DnsRecord;
import io.netty.handler.codec.dns.DnsRecordType;
import io.netty.handler.codec.dns.DnsResponse;
import io.netty.handler.codec.dns.DnsResponseCode;
import io.netty.handler.codec.dns.DnsSection;
import io.netty.resolver.dns.DnsNameResolver;
import io.netty.resolver.dns.DnsNameResolverBuilder;
import io.netty.resolver.dns.DnsNameResolverChannelStrategy;
import io.netty.resolver.dns.DnsServerAddresses;
import io.netty.util.concurrent.Future;

import org.jspecify.annotations.Nullable;

import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/**
 * Asks servers by UDP, each question from a port of its own (RFC 5452), and by TCP what was cut
 * short. Nothing is kept: who asks knows how long answers last. Thread-safe.
 */
final class NettyDns implements AutoCloseable {
    private static final Duration PATIENCE = Duration.ofSeconds(2);
    private static final int ROUNDS = 2;

    /** Goes through everywhere unbroken. */
    private static final int PAYLOAD = 1232;

    private static final InetSocketAddress NOBODY =
            new InetSocketAddress(InetAddress.getLoopbackAddress(), 53);

    private final DnsNameResolver resolver;

    NettyDns(
            EventLoop loop,
            Class<? extends DatagramChannel> datagrams,
            Class<? extends SocketChannel> connections) {
        resolver =
                new DnsNameResolverBuilder(loop)
                        .datagramChannelType(datagrams)
                        .socketChannelType(connections)
                        .datagramChannelStrategy(
                                DnsNameResolverChannelStrategy.ChannelPerResolution)
                        .queryTimeoutMillis(PATIENCE.toMillis())
                        .maxPayloadSize(PAYLOAD)
                        // Each question names its server, and its name in full.
                        .nameServerProvider(_ -> DnsServerAddresses.singleton(NOBODY).stream())
                        .searchDomains(List.of())
                        .ndots(1)
                        .build();
    }

    /** The first server that answers is believed. */
    DnsAnswer ask(List<HostPort> servers, String name, DnsRecordType type)
            throws DnsException, InterruptedException {
        String last = "no server to ask";
        for (int round = 0; round < ROUNDS; round++) {
            for (HostPort server : servers) {
                try {
                    return ask(server, name, type);
                } catch (Unanswered e) {
                    last = e.getMessage();
                }
            }
        }
        throw new DnsException(last);
    }

    /** Another server may know. */
    private static final class Unanswered extends Exception {
        private static final long serialVersionUID = 1;
        private final String why;

        Unanswered(String why) {
            super(why);
            this.why = why;
        }

        @Override
        public String getMessage() {
            return why;
        }
    }

    private DnsAnswer ask(HostPort server, String name, DnsRecordType type)
            throws DnsException, Unanswered, InterruptedException {
        DnsQuestion question = new DefaultDnsQuestion(name.endsWith(".") ? name : name + ".", type);
        Future<AddressedEnvelope<DnsResponse, InetSocketAddress>> answer =
                resolver.query(server.inet(), question);
        try {
            answer.await();
        } catch (InterruptedException e) {
            answer.addListener(_ -> {
                if (answer.isSuccess()) {
                    answer.getNow().release();
                }
            });
            throw e;
        }
        if (!answer.isSuccess()) {
            throw new Unanswered(server + " does not answer about " + name + ": " + why(answer));
        }
        AddressedEnvelope<DnsResponse, InetSocketAddress> envelope = answer.getNow();
        try {
            return read(server, name, envelope.content());
        } finally {
            envelope.release();
        }
    }

    private static @Nullable String why(Future<?> answer) {
        Throwable cause = answer.cause();
        return cause == null ? null : cause.getMessage();
    }

    private static DnsAnswer read(HostPort server, String name, DnsResponse response)
            throws DnsException, Unanswered {
        if (response.isTruncated()) {
            throw new Unanswered(server + " has more to say of " + name + ", but not by TCP");
        }
        DnsResponseCode code = response.code();
        if (code.equals(DnsResponseCode.NXDOMAIN)) {
            throw new DnsException(name + " does not exist (NXDOMAIN)");
        }
        if (!code.equals(DnsResponseCode.NOERROR)) {
            throw new Unanswered(server + " answers about " + name + " with " + code);
        }
        List<DnsAnswer.Entry> entries = new ArrayList<>();
        for (int i = 0; i < response.count(DnsSection.ANSWER); i++) {
            DnsRecord answered = response.recordAt(DnsSection.ANSWER, i);
            DnsAnswer.Entry entry = answered instanceof DnsRawRecord raw ? entry(raw) : null;
            if (entry != null) {
                entries.add(entry);
            }
        }
        return new DnsAnswer(entries);
    }

    /** Null for what does not matter. */
    private static DnsAnswer.@Nullable Entry entry(DnsRawRecord raw) throws Unanswered {
        ByteBuf content = raw.content().duplicate();
        long ttl = raw.timeToLive();
        try {
            if (raw.type().equals(DnsRecordType.A) || raw.type().equals(DnsRecordType.AAAA)) {
                return new DnsAnswer.Host(ByteBufUtil.getBytes(content), ttl);
            }
            if (raw.type().equals(DnsRecordType.CNAME)) {
                return new DnsAnswer.Alias(DefaultDnsRecordDecoder.decodeName(content), ttl);
            }
            if (raw.type().equals(DnsRecordType.SRV)) {
                int priority = content.readUnsignedShort();
                int weight = content.readUnsignedShort();
                int port = content.readUnsignedShort();
                String target = DefaultDnsRecordDecoder.decodeName(content);
                return new DnsAnswer.Service(priority, weight, port, target, ttl);
            }
            return null;
        } catch (RuntimeException e) {
            throw new Unanswered("a record of " + raw.name() + " is not valid: " + e.getMessage());
        }
    }

    @Override
    public void close() {
        resolver.close();
    }
}
