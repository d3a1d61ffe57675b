package dev.sluice.engine.tls;

import io.netty.buffer.ByteBuf;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;

/** Reads the body of a ClientHello (RFC 8446 §4.1.2, RFC 6066 §3). */
final class HelloParser {
    private static final int SERVER_NAME = 0;
    private static final int SIGNATURE_ALGORITHMS = 13;
    private static final int SUPPORTED_VERSIONS = 43;
    private static final int HOST_NAME = 0;
    private static final int TLS13 = 0x0304;
    private static final int RANDOM_BYTES = 32;
    private static final Pattern NAME = Pattern.compile("[A-Za-z0-9_.-]{1,255}");

    private final Set<Integer> suites = new HashSet<>();
    private final List<Integer> signatures = new ArrayList<>();
    private Optional<String> name = Optional.empty();
    private boolean version13;

    private HelloParser() {}

    static HelloReading parse(ByteBuf body) {
        try {
            HelloParser parser = new HelloParser();
            parser.read(body);
            return new HelloReading.Complete(
                    new ClientHello(
                            parser.name, parser.version13, parser.suites, parser.signatures));
        } catch (IndexOutOfBoundsException e) {
            return new HelloReading.Refused(Alert.DECODE_ERROR, "the ClientHello is cut short");
        } catch (WrongHello e) {
            return new HelloReading.Refused(e.alert, e.why);
        }
    }

    private void read(ByteBuf body) throws WrongHello {
        body.skipBytes(2 + RANDOM_BYTES);
        body.skipBytes(body.readUnsignedByte());
        ByteBuf offered = body.readSlice(body.readUnsignedShort());
        while (offered.isReadable()) {
            suites.add(offered.readUnsignedShort());
        }
        body.skipBytes(body.readUnsignedByte());
        if (!body.isReadable()) {
            return;
        }
        ByteBuf extensions = body.readSlice(body.readUnsignedShort());
        if (body.isReadable()) {
            throw new WrongHello(Alert.DECODE_ERROR, "bytes follow the extensions");
        }
        Set<Integer> seen = new HashSet<>();
        while (extensions.isReadable()) {
            int type = extensions.readUnsignedShort();
            if (!seen.add(type)) {
                throw new WrongHello(Alert.ILLEGAL_PARAMETER, "an extension is there twice");
            }
            extension(type, extensions.readSlice(extensions.readUnsignedShort()));
        }
    }

    private void extension(int type, ByteBuf value) throws WrongHello {
        switch (type) {
            case SERVER_NAME -> name = Optional.of(serverName(value));
            case SIGNATURE_ALGORITHMS -> {
                ByteBuf list = value.readSlice(value.readUnsignedShort());
                while (list.isReadable()) {
                    signatures.add(list.readUnsignedShort());
                }
            }
            case SUPPORTED_VERSIONS -> {
                ByteBuf list = value.readSlice(value.readUnsignedByte());
                while (list.isReadable()) {
                    version13 |= list.readUnsignedShort() == TLS13;
                }
            }
            default -> {
                // GREASE, ECH, and all that the handshake itself looks at.
            }
        }
    }

    /** Two names would leave open which of them the server sees. */
    private static String serverName(ByteBuf value) throws WrongHello {
        ByteBuf list = value.readSlice(value.readUnsignedShort());
        int type = list.readUnsignedByte();
        String host =
                list.readCharSequence(list.readUnsignedShort(), StandardCharsets.ISO_8859_1)
                        .toString();
        if (type != HOST_NAME || list.isReadable() || value.isReadable()) {
            throw new WrongHello(Alert.ILLEGAL_PARAMETER, "the server name is not a single one");
        }
        if (!NAME.matcher(host).matches()) {
            throw new WrongHello(Alert.ILLEGAL_PARAMETER, "the server name is not valid");
        }
        return host.toLowerCase(Locale.ROOT);
    }

    private static final class WrongHello extends Exception {
        private static final long serialVersionUID = 1;

        final transient Alert alert;
        final transient String why;

        WrongHello(Alert alert, String why) {
            super(why, null, false, false);
            this.alert = alert;
            this.why = why;
        }
    }
}
