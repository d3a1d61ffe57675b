package dev.sluice.engine.http;

import java.util.List;

/** What a cache must look at before it gives a response to another request (RFC 9110 §12.5.5). */
public final class Vary {
    private Vary() {}

    /** The response depends on this field of the request. */
    public static void on(Fields response, Name request) {
        List<String> known = Tokens.of(response, Names.VARY);
        if (!known.contains("*") && !known.contains(request.text())) {
            response.add(Names.VARY, request.text());
        }
    }
}
