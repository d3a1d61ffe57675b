package dev.sluice.engine.proxyprotocol;

import dev.sluice.cluster.config.HostPort;
import dev.sluice.cluster.pool.Address;
import dev.sluice.engine.proxyprotocol.HeaderReading.Complete;
import dev.sluice.engine.proxyprotocol.HeaderReading.Malformed;
import dev.sluice.engine.proxyprotocol.HeaderReading.Partial;

import io.netty.buffer.ByteBuf;

import java.nio.charset.StandardCharsets;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Version 1: {@code PROXY TCP4 203.0.113.7 198.18.0.1 5000 443}, CR LF. */
final class TextHeader {
    /** The longest one possible, with CR LF (section 2.1 of the specification). */
    private static final int MAX_BYTES = 107;

    private static final String MAGIC = "PROXY ";
    private static final String PORT = "(0|[1-9][0-9]{0,4})";
    private static final Pattern TCP4 = line("TCP4", "([0-9.]{7,15})");
    private static final Pattern TCP6 = line("TCP6", "([0-9A-Fa-f:.]{2,39})");
    private static final String UNKNOWN = "PROXY UNKNOWN";

    private TextHeader() {}

    private static Pattern line(String family, String address) {
        return Pattern.compile(
                MAGIC + family + " " + address + " " + address + " " + PORT + " " + PORT);
    }

    static HeaderReading read(ByteBuf bytes) {
        int length = Math.min(bytes.readableBytes(), MAX_BYTES);
        String text = bytes.toString(bytes.readerIndex(), length, StandardCharsets.ISO_8859_1);
        int common = Math.min(text.length(), MAGIC.length());
        int end = text.indexOf("\r\n");
        if (!text.substring(0, common).equals(MAGIC.substring(0, common))) {
            return new Malformed("no PROXY header");
        }
        if (end < 0) {
            return length < MAX_BYTES ? new Partial() : new Malformed("the header has no end");
        }
        String line = text.substring(0, end);
        if (line.equals(UNKNOWN) || line.startsWith(UNKNOWN + " ")) {
            return new Complete(Optional.empty(), end + 2);
        }
        return line(line, end + 2);
    }

    private static HeaderReading line(String line, int length) {
        boolean four = line.startsWith(MAGIC + "TCP4");
        Matcher matcher = (four ? TCP4 : TCP6).matcher(line);
        if (!matcher.matches()) {
            return new Malformed("the header is not valid");
        }
        try {
            HostPort source = hostPort(matcher.group(1), matcher.group(3), four);
            HostPort destination = hostPort(matcher.group(2), matcher.group(4), four);
            return new Complete(Optional.of(new Ends(source, destination)), length);
        } catch (IllegalArgumentException e) {
            return new Malformed("the header is not valid");
        }
    }

    /** Shortened forms of IPv4 addresses are not allowed. */
    private static HostPort hostPort(String address, String port, boolean four) {
        Address parsed = Address.parse(address);
        if (four && !parsed.toString().equals(address)) {
            throw new IllegalArgumentException(address);
        }
        return new HostPort(parsed, Integer.parseInt(port));
    }

    static String write(Ends ends) {
        boolean four = ends.source().address().isIpv4() && ends.destination().address().isIpv4();
        return MAGIC
                + (four ? "TCP4 " : "TCP6 ")
                + text(ends.source().address(), four)
                + " "
                + text(ends.destination().address(), four)
                + " "
                + ends.source().port()
                + " "
                + ends.destination().port()
                + "\r\n";
    }

    private static String text(Address address, boolean four) {
        return address.isIpv4() && !four ? "::ffff:" + address : address.toString();
    }
}
