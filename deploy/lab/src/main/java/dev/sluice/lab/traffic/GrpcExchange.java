package dev.sluice.lab.traffic;

import dev.sluice.lab.history.Event.PinKind;
import dev.sluice.lab.upstream.GrpcTalk;
import dev.sluice.lab.upstream.TalkRecord;

import java.io.EOFException;
import java.io.IOException;

/** Records as messages of one gRPC stream, each sent back. */
record GrpcExchange(GrpcDialer dialer) implements Pinned.Exchange {
    @Override
    public PinKind kind() {
        return PinKind.GRPC;
    }

    @Override
    public void run(Pinned pin) throws IOException {
        try (GrpcConnection connection = dialer.open()) {
            connection.begin(pin.number());
            exchange(connection, pin, 0);
            pin.served(connection.header(GrpcTalk.PROXY), connection.header(GrpcTalk.UPSTREAM));
            for (long place = 1; !pin.isStopped(); place++) {
                pin.rest();
                exchange(connection, pin, place);
            }
            connection.endSending();
            if (connection.receive().isPresent()) {
                throw new WrongBodyException("more than was sent");
            }
        }
    }

    private static void exchange(GrpcConnection connection, Pinned pin, long place)
            throws IOException {
        connection.send(TalkRecord.of(pin.number(), place));
        byte[] record =
                connection
                        .receive()
                        .orElseThrow(() ->
                                new EOFException("ended by the other side at message " + place));
        connection.source().ifPresent(pin::connected);
        if (!TalkRecord.isRight(record, pin.number(), place)) {
            throw new WrongBodyException("message " + place + " is not its own");
        }
        pin.progress(1);
    }
}
