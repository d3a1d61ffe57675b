package dev.sluice.engine.http;

import java.nio.charset.StandardCharsets;

/** What a client gets instead of its server's answer. */
public final class ErrorPage {
    private ErrorPage() {}

    public static ResponseHead head(Failure failure) {
        Fields fields =
                ListFields.of(
                        "content-type",
                        "text/plain; charset=utf-8",
                        Names.CONTENT_LENGTH.text(),
                        Integer.toString(body(failure).length),
                        Names.REASON.text(),
                        failure.reason());
        if (failure == Failure.METHOD_NOT_ALLOWED) {
            fields.add(Names.ALLOW, "GET, HEAD, POST, PUT, PATCH, DELETE, OPTIONS");
        }
        if (isSoonOver(failure)) {
            fields.add(Names.RETRY_AFTER, "1");
        }
        return new ResponseHead(failure.status(), "", fields, body(failure).length);
    }

    private static boolean isSoonOver(Failure failure) {
        return switch (failure) {
            case OVERLOADED, SHED, NO_ENDPOINT, QUEUE_FULL, QUEUE_TIMEOUT -> true;
            default -> false;
        };
    }

    public static byte[] body(Failure failure) {
        String text = failure.status() + " " + failure.reason() + "\n" + failure.text() + "\n";
        return text.getBytes(StandardCharsets.UTF_8);
    }
}
