package dev.sluice.lab.traffic;

import dev.sluice.lab.history.Event.PinKind;
import dev.sluice.lab.traffic.HttpConnection.Response;
import dev.sluice.lab.upstream.TalkRecord;

import java.io.EOFException;
import java.io.IOException;

/** One request without an end, whose records come back one by one. */
record TalkExchange() implements HttpExchange {
    @Override
    public PinKind kind() {
        return PinKind.TALK;
    }

    @Override
    public void run(HttpConnection connection, Pinned pin) throws IOException {
        connection.beginPost("/talk/" + pin.number());
        connection.sendChunk(TalkRecord.of(pin.number(), 0));
        Response response = connection.readHead();
        pin.served(response, 200);
        expect(response, pin, 0);
        for (long place = 1; !pin.isStopped(); place++) {
            pin.rest();
            connection.sendChunk(TalkRecord.of(pin.number(), place));
            expect(response, pin, place);
        }
        connection.endBody();
        if (response.body().read() >= 0) {
            throw new WrongBodyException("more than was sent");
        }
    }

    private static void expect(Response response, Pinned pin, long place) throws IOException {
        byte[] record = response.body().readNBytes(TalkRecord.LENGTH);
        if (record.length < TalkRecord.LENGTH) {
            throw new EOFException("ended by the other side at record " + place);
        }
        if (!TalkRecord.isRight(record, pin.number(), place)) {
            throw new WrongBodyException("record " + place + " is not its own");
        }
        pin.progress(1);
    }
}
