package dev.sluice.engine.stream;

import dev.sluice.cluster.l7.StreamListener;
import dev.sluice.engine.codec.ServerEnvironment.Household;
import dev.sluice.engine.http.Peer;
import dev.sluice.engine.listener.Entrance;
import dev.sluice.engine.tls.Alert;
import dev.sluice.engine.tls.ClientHello;
import dev.sluice.engine.upstream.Group;

import io.netty.channel.Channel;
import io.netty.channel.EventLoop;

import org.jspecify.annotations.Nullable;

import java.util.function.Function;

/** Passes on what comes in at a listener of bytes. */
public final class StreamProtocol implements Entrance.Protocol {
    private final StreamListener listener;
    private final Destinations destinations;
    private final Class<? extends Channel> channelType;
    private final Function<EventLoop, Household> households;
    private final StreamLedger ledger;

    public StreamProtocol(
            StreamListener listener,
            Destinations destinations,
            Class<? extends Channel> channelType,
            Function<EventLoop, Household> households,
            StreamLedger ledger) {
        this.listener = listener;
        this.destinations = destinations;
        this.channelType = channelType;
        this.households = households;
        this.ledger = ledger;
    }

    @Override
    public void begin(Channel channel, Peer peer, @Nullable ClientHello hello) {
        Splice splice =
                new Splice(listener, channel, peer, households.apply(channel.eventLoop()), ledger);
        splice.open();
        Group group = destinations.of(hello);
        if (group == null) {
            splice.refuse(StreamEnd.UNKNOWN_NAME, Alert.UNRECOGNIZED_NAME.record());
        } else {
            new Dialling(splice, group, channelType).start();
        }
    }
}
