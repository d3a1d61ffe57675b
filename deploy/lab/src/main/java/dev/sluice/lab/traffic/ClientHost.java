package dev.sluice.lab.traffic;

import dev.sluice.lab.Topology;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.StandardSocketOptions;
import java.nio.channels.SocketChannel;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;

import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLSocket;

/**
 * A cluster's client host: opens connections to a VIP from many source addresses in turn.
 * Thread-safe.
 */
public final class ClientHost implements Dialer {
    public static final String HOST = "lab.example";
    private static final Duration CONNECT_TIMEOUT = Duration.ofSeconds(5);
    private static final Duration READ_TIMEOUT = Duration.ofSeconds(10);

    private final Origin origin;
    private final String vip;
    private final List<String> addresses;
    private final AtomicInteger next = new AtomicInteger();

    /** Where its sockets come from: a namespace of which all client addresses are. */
    @FunctionalInterface
    public interface Origin {
        /** An unconnected TCP socket. */
        SocketChannel openTcp() throws IOException;
    }

    /**
     * By IPv4.
     *
     * @param origin of IPv4 sockets
     */
    public ClientHost(Origin origin) {
        this(origin, Topology.VIP, Topology.clientAddresses());
    }

    private ClientHost(Origin origin, String vip, List<String> addresses) {
        this.origin = origin;
        this.vip = vip;
        this.addresses = addresses;
    }

    /**
     * By IPv6.
     *
     * @param origin of IPv6 sockets
     */
    public static ClientHost ipv6(Origin origin) {
        return new ClientHost(origin, Topology.VIP6, Topology.clientAddresses6());
    }

    /** A connection to the VIP's HTTP port. */
    @Override
    public HttpConnection connect() throws IOException {
        return new HttpConnection(open(Topology.HTTP_PORT), HOST);
    }

    /** A connection to the VIP's HTTPS port, after its handshake. */
    public HttpConnection connectTls(SSLContext tls) throws IOException {
        Socket plain = open(Topology.HTTPS_PORT);
        SSLSocket socket =
                (SSLSocket)
                        tls.getSocketFactory().createSocket(plain, HOST, Topology.HTTPS_PORT, true);
        var parameters = socket.getSSLParameters();
        parameters.setEndpointIdentificationAlgorithm("HTTPS");
        socket.setSSLParameters(parameters);
        socket.startHandshake();
        return new HttpConnection(socket, HOST);
    }

    /** The VIP's HTTP port. */
    public Port plain() {
        return new Port(this, () -> openGrpc(Topology.HTTP_PORT, Optional.empty()));
    }

    /** The VIP's HTTPS port. */
    public Port secure(SSLContext tls) {
        return new Port(
                () -> connectTls(tls), () -> openGrpc(Topology.HTTPS_PORT, Optional.of(tls)));
    }

    private GrpcConnection openGrpc(int port, Optional<SSLContext> tls) {
        return new GrpcConnection(
                origin,
                new GrpcConnection.Target(
                        nextSource(), new InetSocketAddress(vip, port), HOST, READ_TIMEOUT, tls));
    }

    private InetSocketAddress nextSource() {
        String source = addresses.get(Math.floorMod(next.getAndIncrement(), addresses.size()));
        return new InetSocketAddress(source, 0);
    }

    private Socket open(int port) throws IOException {
        SocketChannel channel = origin.openTcp();
        Socket socket = channel.socket();
        try {
            channel.setOption(StandardSocketOptions.TCP_NODELAY, true);
            channel.bind(nextSource());
            socket.setSoTimeout((int) READ_TIMEOUT.toMillis());
            socket.connect(new InetSocketAddress(vip, port), (int) CONNECT_TIMEOUT.toMillis());
            return socket;
        } catch (IOException e) {
            channel.close();
            throw e;
        }
    }
}
