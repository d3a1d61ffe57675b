package dev.sluice.engine;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Function;

/** A server that does with each connection what a test tells it; remembers the requests. */
final class Server implements AutoCloseable {
    private final ServerSocket socket;
    private final Behaviour behaviour;
    private final List<Wire> wires = new CopyOnWriteArrayList<>();
    private final AtomicInteger closed = new AtomicInteger();

    /** Why behaviours ended; mostly that the connection was closed. */
    final Queue<Throwable> errors = new ConcurrentLinkedQueue<>();

    /** What was read, in order. */
    final List<Wire.Message> requests = new CopyOnWriteArrayList<>();

    /** What is done with a connection; it is closed afterwards. */
    interface Behaviour {
        void serve(Wire wire, Server server) throws Exception;
    }

    private Server(ServerSocket socket, Behaviour behaviour) {
        this.socket = socket;
        this.behaviour = behaviour;
    }

    /** Takes connections from a socket of any kind. */
    static Server on(ServerSocket socket, Behaviour behaviour) {
        Server server = new Server(socket, behaviour);
        Thread.ofVirtual().start(server::accept);
        return server;
    }

    static Server of(Behaviour behaviour) {
        try {
            return on(new ServerSocket(0, 128, InetAddress.getLoopbackAddress()), behaviour);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Answers every request, connection after connection. */
    static Server answering(Function<Wire.Message, String> answer) {
        return of((wire, server) -> {
            while (true) {
                wire.send(answer.apply(server.take(wire)));
            }
        });
    }

    /** Answers every request with the text and what was asked. */
    static Server saying(String text) {
        return answering(request -> ok(text));
    }

    static String ok(String body) {
        return "HTTP/1.1 200 OK\r\nContent-Length: " + body.length() + "\r\n\r\n" + body;
    }

    Wire.Message take(Wire wire) {
        Wire.Message request = wire.readRequest();
        requests.add(request);
        return request;
    }

    int port() {
        return socket.getLocalPort();
    }

    String address() {
        return "127.0.0.1:" + port();
    }

    int connections() {
        return wires.size();
    }

    /** How many connections were served to their end. */
    int closed() {
        return closed.get();
    }

    private void accept() {
        while (true) {
            try {
                Socket accepted = socket.accept();
                Wire wire = new Wire(accepted);
                wires.add(wire);
                if (socket.isClosed()) {
                    // A closed socket may hand out one connection more.
                    wire.close();
                    return;
                }
                Thread.ofVirtual().start(() -> serve(wire));
            } catch (IOException ignored) {
                return;
            }
        }
    }

    private void serve(Wire wire) {
        try (wire) {
            behaviour.serve(wire, this);
        } catch (Exception e) {
            errors.add(e);
        } finally {
            closed.incrementAndGet();
        }
    }

    @Override
    public void close() {
        try {
            socket.close();
            wires.forEach(Wire::close);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
