package dev.sluice.control;

import dev.sluice.cluster.config.AddressBlock;
import dev.sluice.cluster.config.Scalar;
import dev.sluice.cluster.config.Scalars;
import dev.sluice.cluster.pool.Address;
import dev.sluice.cluster.pool.Bind;
import dev.sluice.cluster.pool.Bind.Protocol;

import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Binds as an operator writes them: {@code 203.0.113.10:80/tcp}, as {@link Bind} prints them. */
final class BindSyntax {
    private static final Pattern BIND =
            Pattern.compile(
                    "(?:\\[(?<v6>[0-9a-fA-F:.]+)]|(?<v4>[0-9.]+))(?:/(?<bits>[0-9]{1,3}))?"
                            + ":(?<first>[0-9]{1,5})(?:-(?<last>[0-9]{1,5}))?"
                            + "/(?<protocol>tcp|udp)");

    private BindSyntax() {}

    static Scalar<Bind> scalar() {
        return Scalars.parsed(
                Bind.tcp(Address.parse("0.0.0.0"), 1),
                BindSyntax::parse,
                "VIP:port/protocol, e.g. 203.0.113.10:80/tcp, [2001:db8::1]:443/tcp or"
                        + " 203.0.113.0/28:8000-8010/udp");
    }

    /** Throws {@link IllegalArgumentException}. */
    static Bind parse(String text) {
        Matcher bind = BIND.matcher(text);
        if (!bind.matches()) {
            throw new IllegalArgumentException("'" + text + "' is not VIP:port/protocol");
        }
        String host = bind.group("v6") == null ? bind.group("v4") : bind.group("v6");
        String bits = bind.group("bits") == null ? "" : "/" + bind.group("bits");
        AddressBlock block = AddressBlock.parse(host + bits);
        int first = Integer.parseInt(bind.group("first"));
        String last = bind.group("last");
        return new Bind(
                block.address(),
                block.prefixBits(),
                Protocol.valueOf(bind.group("protocol").toUpperCase(Locale.ROOT)),
                first,
                last == null ? first : Integer.parseInt(last));
    }
}
