package dev.sluice.control;

import io.grpc.Attributes;
import io.grpc.ServerCredentials;
import io.grpc.netty.shaded.io.grpc.netty.GrpcHttp2ConnectionHandler;
import io.grpc.netty.shaded.io.grpc.netty.InternalNettyServerCredentials;
import io.grpc.netty.shaded.io.grpc.netty.InternalProtocolNegotiationEvent;
import io.grpc.netty.shaded.io.grpc.netty.InternalProtocolNegotiator;
import io.grpc.netty.shaded.io.grpc.netty.InternalProtocolNegotiators;
import io.grpc.netty.shaded.io.grpc.netty.ProtocolNegotiationEvent;
import io.grpc.netty.shaded.io.netty.channel.ChannelHandler;
import io.grpc.netty.shaded.io.netty.channel.ChannelHandlerContext;
import io.grpc.netty.shaded.io.netty.channel.ChannelInboundHandlerAdapter;
import io.grpc.netty.shaded.io.netty.channel.epoll.EpollDomainSocketChannel;
import io.grpc.netty.shaded.io.netty.util.AsciiString;

import java.util.function.IntFunction;

/**
 * Plaintext HTTP/2 on a Unix socket that asks the kernel for the peer before the first call.
 *
 * <p>The one hook of gRPC between a channel and the attributes of its calls is this one; gRPC calls
 * it internal, so a new version of gRPC is tried out by {@code ControlIT}, whose events name the
 * user.
 */
final class PeerNegotiator implements InternalProtocolNegotiator.ProtocolNegotiator {
    private final InternalProtocolNegotiator.ProtocolNegotiator plaintext =
            InternalProtocolNegotiators.serverPlaintext();
    private final IntFunction<String> nameOf;

    private PeerNegotiator(IntFunction<String> nameOf) {
        this.nameOf = nameOf;
    }

    /**
     * @param nameOf a uid's name
     */
    static ServerCredentials credentials(IntFunction<String> nameOf) {
        return InternalNettyServerCredentials.create(new PeerNegotiator(nameOf));
    }

    @Override
    public AsciiString scheme() {
        return plaintext.scheme();
    }

    @Override
    public ChannelHandler newHandler(GrpcHttp2ConnectionHandler handler) {
        ChannelHandler last = InternalProtocolNegotiators.grpcNegotiationHandler(handler);
        return InternalProtocolNegotiators.waitUntilActiveHandler(
                new AskKernel(last), handler.getNegotiationLogger());
    }

    @Override
    public void close() {
        plaintext.close();
    }

    private final class AskKernel extends ChannelInboundHandlerAdapter {
        private final ChannelHandler next;

        AskKernel(ChannelHandler next) {
            this.next = next;
        }

        @Override
        public void userEventTriggered(ChannelHandlerContext ctx, Object event) throws Exception {
            if (!(event instanceof ProtocolNegotiationEvent negotiation)) {
                super.userEventTriggered(ctx, event);
                return;
            }
            int uid = ((EpollDomainSocketChannel) ctx.channel()).peerCredentials().uid();
            Attributes attributes =
                    InternalProtocolNegotiationEvent.getAttributes(negotiation).toBuilder()
                            .set(Peer.ATTRIBUTE, new Peer(uid, nameOf.apply(uid)))
                            .build();
            ctx.pipeline().replace(this, null, next);
            ctx.fireUserEventTriggered(
                    InternalProtocolNegotiationEvent.withAttributes(negotiation, attributes));
        }
    }
}
