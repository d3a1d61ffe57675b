package dev.sluice.proxy;

import com.google.protobuf.ByteString;

import dev.sluice.engine.capture.Capture;
import dev.sluice.engine.capture.Captures;
import dev.sluice.engine.capture.Excerpt;
import dev.sluice.proto.cluster.v1.MalformedMessage;

import java.util.Locale;

/** A message that was not valid, as operators hear of it. */
final class MalformedAnswer {
    private MalformedAnswer() {}

    static MalformedMessage of(Captures.Kept kept) {
        Capture capture = kept.capture();
        Excerpt excerpt = capture.excerpt();
        return MalformedMessage.newBuilder()
                .setUnixMs(kept.unixMs())
                .setSide(capture.side().name().toLowerCase(Locale.ROOT))
                .setVersion(capture.version())
                .setRemote(capture.remote().toString())
                .setReason(capture.why().reason())
                .setDetail(capture.detail())
                .setOctets(ByteString.copyFrom(excerpt.octets()))
                .setBegin(excerpt.begin())
                .setFault(excerpt.fault())
                .setSize(excerpt.size())
                .build();
    }
}
