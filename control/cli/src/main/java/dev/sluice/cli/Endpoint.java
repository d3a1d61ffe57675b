package dev.sluice.cli;

import com.google.common.net.InetAddresses;

import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.TypeConversionException;

import java.net.InetAddress;

/** {@code 198.18.0.1:80} or {@code [2001:db8::1]:80}; never a name, so nothing is resolved. */
record Endpoint(InetAddress address, int port) {
    private static final int MAX_PORT = 0xffff;

    static Endpoint parse(String text) {
        int colon = text.lastIndexOf(':');
        String host = colon < 0 ? "" : text.substring(0, colon);
        boolean isBracketed = host.startsWith("[") && host.endsWith("]");
        String port = text.substring(colon + 1);
        if (host.isEmpty() || isBracketed != host.contains(":") || !port.matches("[0-9]{1,5}")) {
            throw new IllegalArgumentException("'" + text + "' is not IP:port");
        }
        Endpoint endpoint = new Endpoint(InetAddress.ofLiteral(host), Integer.parseInt(port));
        if (endpoint.port() < 1 || endpoint.port() > MAX_PORT) {
            throw new IllegalArgumentException("port " + port + ": allowed are 1 to 65535");
        }
        return endpoint;
    }

    /** IPv6 as RFC 5952 has it. */
    @Override
    public String toString() {
        String host = InetAddresses.toAddrString(address);
        return (host.contains(":") ? "[" + host + "]" : host) + ":" + port;
    }

    /** For picocli. */
    static final class Converter implements ITypeConverter<Endpoint> {
        @Override
        public Endpoint convert(String text) {
            try {
                return parse(text);
            } catch (IllegalArgumentException e) {
                throw new TypeConversionException(e.getMessage());
            }
        }
    }
}
