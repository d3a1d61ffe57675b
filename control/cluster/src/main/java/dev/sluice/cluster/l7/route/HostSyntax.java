package dev.sluice.cluster.l7.route;

import java.util.regex.Pattern;

/** What hosts look like. */
public final class HostSyntax {
    private static final String LABEL = "[a-z0-9_]([a-z0-9_-]{0,61}[a-z0-9_])?";
    public static final Pattern NAME = Pattern.compile(LABEL + "(\\." + LABEL + ")*");
    public static final Pattern IPV6 = Pattern.compile("\\[[0-9a-f:.]{2,45}]");

    private static final Pattern PORT = Pattern.compile("[1-9][0-9]{0,4}");

    private HostSyntax() {}

    /** Whether it is the number of a port, without zeros ahead of it. */
    public static boolean isPort(String text) {
        return PORT.matcher(text).matches() && Integer.parseInt(text) <= 0xffff;
    }
}
