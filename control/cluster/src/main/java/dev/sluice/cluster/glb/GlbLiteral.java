package dev.sluice.cluster.glb;

import dev.sluice.cluster.pool.Address;

import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;

/**
 * Address literals as POSIX {@code inet_pton} reads them, which GLB does: stricter than Java's
 * (four decimal parts without leading zeros, no scopes, no brackets), and an IPv4-mapped address
 * stays the IPv6 address that it is.
 */
final class GlbLiteral {
    private static final String OCTET = "(25[0-5]|2[0-4][0-9]|1[0-9]{2}|[1-9]?[0-9])";
    private static final Pattern IPV4 = Pattern.compile(OCTET + "(\\." + OCTET + "){3}");
    private static final Pattern GROUP = Pattern.compile("[0-9A-Fa-f]{1,4}");
    private static final int GROUPS = 8;

    private GlbLiteral() {}

    /**
     * @throws IllegalArgumentException if it is no literal
     */
    static Address parse(String text) {
        return text.contains(":") ? ipv6(text) : Address.of(ipv4(text));
    }

    private static byte[] ipv4(String text) {
        if (!IPV4.matcher(text).matches()) {
            throw new IllegalArgumentException("'" + text + "' is not an IPv4 address literal");
        }
        byte[] bytes = new byte[4];
        String[] parts = text.split("\\.", -1);
        for (int i = 0; i < bytes.length; i++) {
            bytes[i] = (byte) Integer.parseInt(parts[i]);
        }
        return bytes;
    }

    private static Address ipv6(String text) {
        int gap = text.indexOf("::");
        List<Integer> head = groups(gap < 0 ? text : text.substring(0, gap), gap < 0);
        List<Integer> tail = gap < 0 ? List.of() : groups(text.substring(gap + 2), true);
        int missing = GROUPS - head.size() - tail.size();
        if (gap < 0 ? missing != 0 : missing < 1) {
            throw new IllegalArgumentException("'" + text + "' is not an IPv6 address literal");
        }
        ByteBuffer bytes = ByteBuffer.allocate(GROUPS * 2);
        head.forEach(group -> bytes.putShort(group.shortValue()));
        bytes.position(bytes.position() + missing * 2);
        tail.forEach(group -> bytes.putShort(group.shortValue()));
        return Address.of(bytes.array());
    }

    /** The last part may be an IPv4 literal, which makes two groups. */
    private static List<Integer> groups(String text, boolean last) {
        List<Integer> groups = new ArrayList<>();
        if (text.isEmpty()) {
            return groups;
        }
        String[] parts = text.split(":", -1);
        for (int i = 0; i < parts.length; i++) {
            if (last && i == parts.length - 1 && parts[i].contains(".")) {
                ByteBuffer mapped = ByteBuffer.wrap(ipv4(parts[i]));
                groups.add(mapped.getShort() & 0xffff);
                groups.add(mapped.getShort() & 0xffff);
            } else if (GROUP.matcher(parts[i]).matches()) {
                groups.add(Integer.parseInt(parts[i], 16));
            } else {
                throw new IllegalArgumentException("'" + parts[i] + "' is not a group of IPv6");
            }
        }
        return groups;
    }
}
