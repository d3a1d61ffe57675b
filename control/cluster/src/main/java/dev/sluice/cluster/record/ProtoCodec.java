package dev.sluice.cluster.record;

import com.google.protobuf.InvalidProtocolBufferException;
import com.google.protobuf.MessageLite;
import com.google.protobuf.Parser;

import java.util.function.BiFunction;
import java.util.function.Function;

/**
 * @param read (node name, message) to the record; leaves by {@link Strict.Invalid}
 */
record ProtoCodec<T, M extends MessageLite>(
        Parser<M> parser, Function<T, M> write, BiFunction<String, M, T> read) implements Codec<T> {

    @Override
    public byte[] encode(T value) {
        return write.apply(value).toByteArray();
    }

    @Override
    public Decoded<T> decode(String name, byte[] bytes) {
        try {
            return new Decoded.Good<>(read.apply(name, parser.parseFrom(bytes)));
        } catch (InvalidProtocolBufferException e) {
            return bad("", bytes.length + " bytes that are no such record");
        } catch (Strict.Invalid e) {
            return new Decoded.Bad<>(e.problem());
        } catch (IllegalArgumentException e) {
            return bad("", String.valueOf(e.getMessage()));
        }
    }

    private static <T> Decoded<T> bad(String field, String what) {
        return new Decoded.Bad<>(new RecordProblem(field, what, "what this version writes"));
    }
}
