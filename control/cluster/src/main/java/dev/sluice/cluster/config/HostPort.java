package dev.sluice.cluster.config;

import dev.sluice.cluster.pool.Address;

import java.net.InetSocketAddress;

/** An address literal and a TCP port; never a name, so that nothing has to be resolved. */
public record HostPort(Address address, int port) {

    public HostPort {
        if (port < 1 || port > 0xffff) {
            throw new IllegalArgumentException("port " + port + ": allowed are 1 to 65535");
        }
    }

    /** Parses {@code 198.18.0.1:80} or {@code [2001:db8::1]:80}. */
    public static HostPort parse(String text) {
        int colon = text.lastIndexOf(':');
        String host = colon < 0 ? "" : text.substring(0, colon);
        boolean bracketed = host.startsWith("[") && host.endsWith("]");
        if (host.isEmpty() || bracketed != host.contains(":")) {
            throw new IllegalArgumentException("'" + text + "' is not IP:port");
        }
        String literal = bracketed ? host.substring(1, host.length() - 1) : host;
        return new HostPort(Address.parse(literal), port(text.substring(colon + 1)));
    }

    private static int port(String digits) {
        if (!digits.matches("[0-9]{1,5}")) {
            throw new IllegalArgumentException("port '" + digits + "' is not a number");
        }
        return Integer.parseInt(digits);
    }

    public InetSocketAddress inet() {
        return new InetSocketAddress(address.inet(), port);
    }

    @Override
    public String toString() {
        return (address.isIpv4() ? address.toString() : "[" + address + "]") + ":" + port;
    }
}
