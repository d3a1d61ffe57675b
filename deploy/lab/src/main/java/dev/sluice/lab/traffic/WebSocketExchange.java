package dev.sluice.lab.traffic;

import dev.sluice.lab.history.Event.PinKind;
import dev.sluice.lab.upstream.TalkRecord;
import dev.sluice.lab.upstream.WebSocketFrame;

import java.io.EOFException;
import java.io.IOException;

/** Records as WebSocket messages (RFC 6455), each sent back. */
record WebSocketExchange() implements HttpExchange {
    @Override
    public PinKind kind() {
        return PinKind.WEBSOCKET;
    }

    @Override
    public void run(HttpConnection connection, Pinned pin) throws IOException {
        pin.served(connection.upgrade("/socket/" + pin.number()), 101);
        for (long place = 0; !pin.isStopped(); place++) {
            WebSocketFrame.binary(TalkRecord.of(pin.number(), place)).writeMasked(connection.out());
            expect(WebSocketFrame.read(connection.in()), pin, place);
            pin.rest();
        }
        WebSocketFrame.normalClose().writeMasked(connection.out());
        if (!WebSocketFrame.read(connection.in()).isClose()) {
            throw new WrongBodyException("more than was sent");
        }
    }

    private static void expect(WebSocketFrame frame, Pinned pin, long place) throws IOException {
        if (frame.isClose()) {
            throw new EOFException("closed by the other side at message " + place);
        }
        if (!TalkRecord.isRight(frame.payload(), pin.number(), place)) {
            throw new WrongBodyException("message " + place + " is not its own");
        }
        pin.progress(1);
    }
}
