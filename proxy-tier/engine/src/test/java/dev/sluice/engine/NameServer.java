package dev.sluice.engine;

import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;

/** A server of DNS (RFC 1035) on loopback, by UDP and TCP, that says what a test tells it. */
final class NameServer implements AutoCloseable {
    static final int A = 1;
    static final int CNAME = 5;
    static final int SRV = 33;
    private static final int ANSWER = 0x8180;
    private static final int TRUNCATED = 0x0200;
    private static final int SERVFAIL = 2;
    private static final int NXDOMAIN = 3;
    private static final int MOST_BY_UDP = 512;

    private final DatagramSocket udp;
    private final ServerSocket tcp;
    private final Map<String, List<Data>> zone = new ConcurrentHashMap<>();
    final AtomicInteger questions = new AtomicInteger();
    final AtomicInteger byTcp = new AtomicInteger();
    volatile boolean failing;

    /** A record. Units: seconds. */
    record Data(int type, int ttl, byte[] value) {}

    NameServer() {
        try {
            InetAddress here = InetAddress.getLoopbackAddress();
            tcp = new ServerSocket(0, 16, here);
            udp = new DatagramSocket(new InetSocketAddress(here, tcp.getLocalPort()));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        Thread.ofVirtual().start(this::serveUdp);
        Thread.ofVirtual().start(this::serveTcp);
    }

    String address() {
        return "127.0.0.1:" + tcp.getLocalPort();
    }

    /** Replaces what a name has; nothing at all for a name that does not exist. */
    void set(String name, Data... records) {
        if (records.length == 0) {
            zone.remove(name);
        } else {
            zone.put(name, List.of(records));
        }
    }

    static Data a(int ttl, int... octets) {
        byte[] value = new byte[octets.length];
        for (int i = 0; i < octets.length; i++) {
            value[i] = (byte) octets[i];
        }
        return new Data(A, ttl, value);
    }

    static Data srv(int ttl, int port, String target) {
        byte[] name = name(target);
        return new Data(
                SRV,
                ttl,
                ByteBuffer.allocate(6 + name.length)
                        .putShort((short) 1)
                        .putShort((short) 1)
                        .putShort((short) port)
                        .put(name)
                        .array());
    }

    static Data alias(int ttl, String target) {
        return new Data(CNAME, ttl, name(target));
    }

    private static byte[] name(String text) {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        for (String label : text.split("\\.", -1)) {
            out.write(label.length());
            out.writeBytes(label.getBytes(StandardCharsets.US_ASCII));
        }
        out.write(0);
        return out.toByteArray();
    }

    private void serveUdp() {
        byte[] bytes = new byte[4096];
        try {
            while (true) {
                DatagramPacket packet = new DatagramPacket(bytes, bytes.length);
                udp.receive(packet);
                byte[] question = java.util.Arrays.copyOf(bytes, packet.getLength());
                byte[] answer = answer(question, false);
                if (answer.length > MOST_BY_UDP) {
                    answer = answer(question, true);
                }
                udp.send(new DatagramPacket(answer, answer.length, packet.getSocketAddress()));
            }
        } catch (IOException closed) {
            // By the test.
        }
    }

    private void serveTcp() {
        try {
            while (true) {
                try (Socket client = tcp.accept()) {
                    DataInputStream in = new DataInputStream(client.getInputStream());
                    byte[] question = in.readNBytes(in.readUnsignedShort());
                    byte[] answer = answer(question, false);
                    byTcp.incrementAndGet();
                    DataOutputStream out = new DataOutputStream(client.getOutputStream());
                    out.writeShort(answer.length);
                    out.write(answer);
                }
            }
        } catch (IOException closed) {
            // By the test.
        }
    }

    private byte[] answer(byte[] question, boolean cut) throws IOException {
        questions.incrementAndGet();
        ByteBuffer in = ByteBuffer.wrap(question);
        short id = in.getShort();
        in.position(12);
        StringBuilder name = new StringBuilder();
        for (int length = in.get(); length > 0; length = in.get()) {
            byte[] label = new byte[length];
            in.get(label);
            name.append(name.isEmpty() ? "" : ".")
                    .append(new String(label, StandardCharsets.US_ASCII));
        }
        int type = in.getShort();
        List<Data> known = zone.get(name.toString());
        List<Data> said =
                known == null || failing || cut
                        ? List.of()
                        : known.stream()
                                .filter(one -> one.type == type || one.type == CNAME)
                                .toList();
        int code = failing ? SERVFAIL : known == null ? NXDOMAIN : 0;
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        DataOutputStream out = new DataOutputStream(bytes);
        out.writeShort(id);
        out.writeShort(ANSWER | (cut ? TRUNCATED : 0) | code);
        out.writeShort(1);
        out.writeShort(said.size());
        out.writeInt(0);
        out.write(question, 12, in.position() + 2 - 12);
        for (Data one : said) {
            out.writeShort(0xc00c);
            out.writeShort(one.type);
            out.writeShort(1);
            out.writeInt(one.ttl);
            out.writeShort(one.value.length);
            out.write(one.value);
        }
        return bytes.toByteArray();
    }

    @Override
    public void close() {
        udp.close();
        try {
            tcp.close();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
