package dev.sluice.engine.tls;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import io.netty.buffer.Unpooled;

import java.nio.charset.StandardCharsets;

/** Writes ClientHellos, right and wrong ones. */
public final class Hellos {
    private static final int GREASE = 0x3a3a;

    private Hellos() {}

    /** In one record. */
    public static byte[] hello(String name) {
        return records(message(extensions(serverName(name))), Integer.MAX_VALUE);
    }

    /** Extensions around the given ones, as browsers send them. */
    static ByteBuf extensions(ByteBuf... some) {
        ByteBuf all = Unpooled.buffer();
        all.writeShort(GREASE).writeShort(0);
        for (ByteBuf one : some) {
            all.writeBytes(one);
        }
        // An encrypted hello: only its outer name is anybody's business here.
        extension(all, 0xfe0d, "encrypted".getBytes(StandardCharsets.US_ASCII));
        extension(all, 43, new byte[] {6, 0x3a, 0x3a, 3, 4, 3, 3});
        extension(all, 13, new byte[] {0, 6, 0x3a, 0x3a, 4, 3, 8, 4});
        extension(all, 0x4a4a, new byte[] {0});
        return all;
    }

    static ByteBuf serverName(String name) {
        byte[] host = name.getBytes(StandardCharsets.ISO_8859_1);
        ByteBuf value = Unpooled.buffer();
        value.writeShort(host.length + 3).writeByte(0).writeShort(host.length).writeBytes(host);
        ByteBuf extension = Unpooled.buffer();
        extension(extension, 0, ByteBufUtil.getBytes(value));
        return extension;
    }

    static void extension(ByteBuf to, int type, byte[] value) {
        to.writeShort(type).writeShort(value.length).writeBytes(value);
    }

    static byte[] message(ByteBuf extensions) {
        ByteBuf body = Unpooled.buffer();
        body.writeShort(0x0303).writeZero(32);
        body.writeByte(32).writeZero(32);
        body.writeShort(6).writeShort(GREASE).writeShort(0x1301).writeShort(0xc02b);
        body.writeByte(1).writeByte(0);
        body.writeShort(extensions.readableBytes()).writeBytes(extensions);
        ByteBuf message = Unpooled.buffer();
        message.writeByte(1).writeMedium(body.readableBytes()).writeBytes(body);
        return ByteBufUtil.getBytes(message);
    }

    /** Cut into records of a length. */
    static byte[] records(byte[] message, int payload) {
        ByteBuf records = Unpooled.buffer();
        for (int at = 0; at < message.length; at += Math.min(payload, message.length)) {
            int length = Math.min(payload, message.length - at);
            records.writeByte(22).writeShort(0x0301).writeShort(length);
            records.writeBytes(message, at, length);
        }
        return ByteBufUtil.getBytes(records);
    }
}
