package dev.sluice.lab.traffic;

import dev.sluice.lab.history.Event.PinKind;

import java.io.IOException;

/** What goes to and fro on one connection of HTTP/1.1. */
interface HttpExchange {
    PinKind kind();

    /** Ends well when the pin is stopped, and all was right. */
    void run(HttpConnection connection, Pinned pin) throws IOException;

    /** On a connection that is opened for it. */
    static Pinned.Exchange over(Dialer dialer, HttpExchange exchange) {
        return new Pinned.Exchange() {
            @Override
            public PinKind kind() {
                return exchange.kind();
            }

            @Override
            public void run(Pinned pin) throws IOException {
                try (HttpConnection connection = dialer.connect()) {
                    pin.connected(connection.source());
                    exchange.run(connection, pin);
                }
            }
        };
    }
}
