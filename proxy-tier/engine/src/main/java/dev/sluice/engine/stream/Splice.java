package dev.sluice.engine.stream;

import dev.sluice.cluster.config.HostPort;
import dev.sluice.cluster.l7.StreamListener;
import dev.sluice.cluster.l7.Upstream;
import dev.sluice.engine.codec.ClientConnection;
import dev.sluice.engine.codec.Deadline;
import dev.sluice.engine.codec.Lingering;
import dev.sluice.engine.codec.ServerEnvironment.Household;
import dev.sluice.engine.http.Peer;
import dev.sluice.engine.proxyprotocol.Ends;
import dev.sluice.engine.proxyprotocol.Headers;
import dev.sluice.engine.upstream.Group;
import dev.sluice.engine.upstream.Search;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFutureListener;
import io.netty.channel.ChannelHandler;
import io.netty.channel.ChannelOption;
import io.netty.handler.ssl.SslHandler;

import org.jspecify.annotations.Nullable;

import java.util.ArrayDeque;
import java.util.Deque;

/**
 * Two connections whose bytes go over to each other, each read only while the other one takes them.
 * When one side has said all it has to say, the other hears so and may go on; a side that fails
 * fails the other. Confined to the event loop that both live on.
 */
final class Splice implements ClientConnection {
    private final StreamListener listener;
    private final Channel client;
    private final Peer peer;
    private final Household household;
    private final StreamLedger ledger;
    private final Deadline deadline;
    private final long beganNanos;

    /** What comes before the server is there. */
    private final Deque<ByteBuf> early = new ArrayDeque<>();

    private @Nullable Channel server;
    private @Nullable Group group;
    private @Nullable Search search;
    private @Nullable HostPort endpoint;
    private boolean clientEnded;
    private boolean serverEnded;

    /** How it will have ended once both sides are closed; null while it goes on. */
    private @Nullable StreamEnd ending;

    /** The ending is told to both sides, and one has still to answer. */
    private boolean lingering;

    private boolean over;
    private long requestBytes;
    private long responseBytes;

    Splice(
            StreamListener listener,
            Channel client,
            Peer peer,
            Household household,
            StreamLedger ledger) {
        this.listener = listener;
        this.client = client;
        this.peer = peer;
        this.household = household;
        this.ledger = ledger;
        deadline = new Deadline(client.eventLoop(), this::onDeadline);
        beganNanos = client.eventLoop().ticker().nanoTime();
    }

    /** The client is read again once its server is there. */
    void open() {
        household.opened(this);
        ledger.onStreamBegin();
        client.config().setAutoRead(false);
        client.config().setOption(ChannelOption.ALLOW_HALF_CLOSURE, true);
        client.pipeline().addLast(new Side(this, true));
    }

    Channel client() {
        return client;
    }

    boolean isOver() {
        return over;
    }

    ChannelHandler serverSide() {
        return new Side(this, false);
    }

    // ---- for the keeper of connections

    @Override
    public Peer peer() {
        return peer;
    }

    /** Nobody can ask an unknown protocol to come to its end. */
    @Override
    public void drain(long idleNanos) {}

    @Override
    public void cut() {
        abort(StreamEnd.CUT);
    }

    // ---- the server

    /** Each needs its {@link Group#leave()}. */
    void onDestination(Group destination, Search way) {
        group = destination;
        search = way;
    }

    void onDial(HostPort next) {
        endpoint = next;
    }

    /** Tells the server who is there, if the listener or its upstream says so: once. */
    void introduce(Channel made, Upstream upstream) {
        listener.proxyProtocol()
                .send()
                .or(upstream::proxyProtocol)
                .ifPresent(version -> {
                    Ends ends = new Ends(peer.remote(), peer.local());
                    made.writeAndFlush(Unpooled.wrappedBuffer(Headers.write(version, ends)));
                });
    }

    void onConnected(Channel made) {
        server = made;
        for (ByteBuf bytes = early.poll(); bytes != null; bytes = early.poll()) {
            made.write(bytes);
        }
        made.flush();
        deadline.in(listener.timeouts().idle().toNanos());
        if (clientEnded) {
            Lingering.shutdownOutput(made);
        }
        client.config().setAutoRead(made.isWritable());
        made.config().setAutoRead(true);
    }

    // ---- what the sides tell

    void onBytes(boolean fromClient, ByteBuf bytes) {
        Channel to = fromClient ? server : client;
        if (over || ending != null) {
            bytes.release();
            return;
        }
        if (fromClient) {
            requestBytes += bytes.readableBytes();
        } else {
            onServed();
            responseBytes += bytes.readableBytes();
        }
        if (to == null) {
            early.add(bytes);
            return;
        }
        deadline.in(listener.timeouts().idle().toNanos());
        to.write(bytes);
    }

    /**
     * The server talks, or lets the client come to its end: that is all that can be known of it.
     */
    private void onServed() {
        if (responseBytes == 0 && search != null) {
            search.succeeded();
        }
    }

    void onReadComplete(boolean fromClient) {
        Channel to = fromClient ? server : client;
        if (to != null && !over) {
            to.flush();
            source(fromClient).config().setAutoRead(to.isWritable());
        }
    }

    void onWritability(boolean ofClient, boolean writable) {
        Channel from = ofClient ? server : client;
        if (from != null && server != null && !over) {
            deadline.in(listener.timeouts().idle().toNanos());
            from.config().setAutoRead(writable);
        }
    }

    private Channel source(boolean ofClient) {
        Channel made = server;
        return ofClient || made == null ? client : made;
    }

    void onInputEnd(boolean ofClient) {
        if (ofClient) {
            clientEnded = true;
        } else {
            serverEnded = true;
            if (clientEnded) {
                onServed();
            }
        }
        Channel other = ofClient ? server : client;
        if (over || other == null) {
            return;
        }
        if (ending != null) {
            source(ofClient).close();
        } else if ((clientEnded && serverEnded) || hasTls(source(ofClient))) {
            finish();
        } else {
            Lingering.shutdownOutput(other);
        }
    }

    /** TLS ends as a whole (RFC 5246 §7.2.1): after its end nothing can be said to that side. */
    private static boolean hasTls(Channel channel) {
        return channel.pipeline().get(SslHandler.class) != null;
    }

    void onClosed(boolean ofClient) {
        if (ending == null) {
            onFailure(ofClient);
        } else if (!client.isOpen() && (server == null || !server.isOpen())) {
            end(ending);
        }
    }

    void onFailure(boolean ofClient) {
        if (server != null || ofClient) {
            // One that heard something may have been told nonsense.
            if (!ofClient && responseBytes + requestBytes == 0 && search != null) {
                search.failed("broke off before a byte", client.eventLoop().ticker().nanoTime());
            }
            abort(ofClient ? StreamEnd.CLIENT_FAILED : StreamEnd.SERVER_FAILED);
        }
    }

    // ---- the end

    /** Tells the client; what it still sends is thrown away, so that it reads that. */
    void refuse(StreamEnd why, ByteBuf lastWords) {
        ending = why;
        client.writeAndFlush(lastWords);
        linger(client);
    }

    /** Once all is written on both sides. */
    private void finish() {
        ending = StreamEnd.OK;
        part(client, clientEnded);
        if (server != null) {
            part(server, serverEnded);
        }
    }

    /** In TLS the other side answers our end (RFC 8446 §6.1). */
    private void part(Channel side, boolean ended) {
        if (hasTls(side) && !ended) {
            linger(side);
        } else {
            closeAfterWriting(side);
        }
    }

    private void linger(Channel side) {
        side.config().setAutoRead(true);
        Lingering.shutdownOutput(
                side,
                () -> {
                    lingering = true;
                    deadline.in(Lingering.NANOS);
                });
    }

    private static void closeAfterWriting(Channel channel) {
        channel.writeAndFlush(Unpooled.EMPTY_BUFFER).addListener(ChannelFutureListener.CLOSE);
    }

    private void onDeadline() {
        if (ending == null) {
            abort(StreamEnd.IDLE);
        } else if (lingering) {
            // All is said: there is nothing to take back.
            client.close();
            if (server != null) {
                server.close();
            }
        } else {
            abort(ending);
        }
    }

    /** Resets both: neither may take what it has for the whole. */
    void abort(StreamEnd why) {
        end(why);
        Lingering.reset(client);
        if (server != null) {
            Lingering.reset(server);
        }
    }

    private void end(StreamEnd how) {
        if (over) {
            return;
        }
        over = true;
        deadline.cancel();
        early.forEach(ByteBuf::release);
        early.clear();
        household.closed(this);
        if (search != null) {
            search.leave();
        }
        if (group != null) {
            group.leave();
        }
        long nanos = client.eventLoop().ticker().nanoTime() - beganNanos;
        String upstream = group == null ? null : group.upstream().name();
        ledger.onStreamEnd(
                new StreamSummary(
                        listener.name(),
                        peer,
                        upstream,
                        endpoint,
                        how,
                        requestBytes,
                        responseBytes,
                        nanos));
    }
}
