package dev.sluice.engine.codec;

import io.netty.handler.codec.http.HttpResponse;
import io.netty.handler.codec.http.HttpResponseEncoder;
import io.netty.handler.codec.http.HttpStatusClass;

/** Netty's encoder, told whether the response answers HEAD. */
final class ResponseEncoder extends HttpResponseEncoder {
    private boolean answersHead;

    void answersHead(boolean head) {
        answersHead = head;
    }

    @Override
    protected boolean isContentAlwaysEmpty(HttpResponse response) {
        boolean informational = response.status().codeClass() == HttpStatusClass.INFORMATIONAL;
        return informational || answersHead || super.isContentAlwaysEmpty(response);
    }
}
