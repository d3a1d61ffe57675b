package dev.sluice.cluster.l7;

import java.util.regex.Pattern;

/** What hosts look like. */
final class HostSyntax {
    private static final String LABEL = "[a-z0-9_]([a-z0-9_-]{0,61}[a-z0-9_])?";
    static final Pattern NAME = Pattern.compile(LABEL + "(\\." + LABEL + ")*");
    static final Pattern IPV6 = Pattern.compile("\\[[0-9a-f:.]{2,45}]");

    private HostSyntax() {}
}
