package dev.sluice.engine.exchange;

import dev.sluice.engine.http.ClientStream;
import dev.sluice.engine.http.Failure;
import dev.sluice.engine.http.Fields;
import dev.sluice.engine.http.ListFields;
import dev.sluice.engine.http.Peer;
import dev.sluice.engine.http.Phase;
import dev.sluice.engine.http.RequestHead;
import dev.sluice.engine.http.ResponseHead;
import dev.sluice.engine.route.Reply;

import io.netty.buffer.Unpooled;

/** What a client gets from the proxy itself, since its request goes to no server. */
final class OwnAnswer {
    private static final Fields NONE = new ListFields();
    private static final int NO_CONTENT = 204;
    private static final byte[] NOTHING = new byte[0];

    private final Exchange exchange;
    private final RequestHead head;
    private final ClientStream client;
    private final Tally tally;

    OwnAnswer(Exchange exchange, RequestHead head, ClientStream client, Tally tally) {
        this.exchange = exchange;
        this.head = head;
        this.client = client;
        this.tally = tally;
    }

    /** The stream itself says what the page may do. */
    void toPreflight(boolean allowed) {
        if (allowed) {
            send(new ResponseHead(NO_CONTENT, "", new ListFields(), 0), NOTHING);
        } else {
            exchange.fail(Failure.ORIGIN_REFUSED);
        }
    }

    void give(Reply reply, Peer peer) {
        ResponseHead response = reply.head(head, peer);
        if (response == null) {
            exchange.fail(Failure.BAD_TARGET);
        } else {
            send(response, reply.body());
        }
    }

    private void send(ResponseHead response, byte[] content) {
        tally.phase = Phase.RESPOND;
        tally.status = response.status();
        exchange.sign(response);
        client.respond(response);
        if (!head.method().equals("HEAD")) {
            tally.responseBytes += content.length;
            client.data(Unpooled.wrappedBuffer(content));
        }
        client.end(NONE);
        exchange.finish();
    }
}
