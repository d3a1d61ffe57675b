package dev.sluice.engine.exchange;

import dev.sluice.engine.http.Fields;
import dev.sluice.engine.http.UpstreamStream;

import io.netty.buffer.ByteBuf;

/** A body that nobody reads, since no server is asked. */
final class UnwantedBody implements RequestBody {
    @Override
    public void onData(ByteBuf data) {
        data.release();
    }

    @Override
    public void onEnd(Fields trailers) {}

    @Override
    public void sendTo(UpstreamStream stream) {
        throw new IllegalStateException("no server is asked");
    }

    @Override
    public void detach() {}

    @Override
    public void onUpstreamWritable() {}

    @Override
    public boolean isRepeatable() {
        return false;
    }

    @Override
    public boolean isWhole() {
        return false;
    }

    @Override
    public void copyTo(UpstreamStream stream) {
        throw new IllegalStateException("no server is asked");
    }

    @Override
    public void onAnswered() {}

    @Override
    public void release() {}
}
