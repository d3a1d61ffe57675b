package dev.sluice.lab.upstream;

import io.grpc.Metadata;
import io.grpc.MethodDescriptor;
import io.grpc.MethodDescriptor.Marshaller;
import io.grpc.MethodDescriptor.MethodType;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;

/** A talk as a gRPC stream: each message is a {@link TalkRecord}, and comes back. */
public final class GrpcTalk {
    public static final String SERVICE = "sluice.lab.Records";

    /** The talk's number, in the call's metadata. */
    public static final Metadata.Key<String> NUMBER = key("talk");

    /** Which server answers. */
    public static final Metadata.Key<String> UPSTREAM = key("x-upstream");

    /** Which proxy answers. */
    public static final Metadata.Key<String> PROXY = key("x-served-by");

    public static final MethodDescriptor<byte[], byte[]> METHOD =
            MethodDescriptor.newBuilder(new Bytes(), new Bytes())
                    .setType(MethodType.BIDI_STREAMING)
                    .setFullMethodName(MethodDescriptor.generateFullMethodName(SERVICE, "Talk"))
                    .build();

    private GrpcTalk() {}

    private static Metadata.Key<String> key(String name) {
        return Metadata.Key.of(name, Metadata.ASCII_STRING_MARSHALLER);
    }

    /** A message is its bytes. */
    private record Bytes() implements Marshaller<byte[]> {
        @Override
        public InputStream stream(byte[] message) {
            return new ByteArrayInputStream(message);
        }

        @Override
        public byte[] parse(InputStream stream) {
            try {
                return stream.readAllBytes();
            } catch (IOException e) {
                throw new UncheckedIOException("a message in memory", e);
            }
        }
    }
}
