package dev.sluice.cluster.glb;

import dev.sluice.cluster.config.Parsed;
import dev.sluice.cluster.config.Reading;
import dev.sluice.cluster.config.Scalar;
import dev.sluice.cluster.config.Scalars;
import dev.sluice.cluster.glb.GlbBackend.State;
import dev.sluice.cluster.hash.SipHash;
import dev.sluice.cluster.json.Json;
import dev.sluice.cluster.json.JsonFields;
import dev.sluice.cluster.pool.Address;
import dev.sluice.cluster.pool.Bind.Protocol;

import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;

/**
 * Reads GLB's forwarding table file ({@code {"tables": [...]}}). What GLB reads as zero, truncates
 * or leaves to chance is a problem here; keys that it does not look at are not looked at.
 */
public final class GlbConfig {
    private static final int MAX_TABLES = 4096;
    private static final int MAX_PORT = 0xffff;
    private static final String LITERAL = "an IPv4 or IPv6 address literal";

    private GlbConfig() {}

    /**
     * @param file named in problems
     */
    public static Parsed<List<GlbTable>> parse(String file, String text) {
        return Json.parse(
                file,
                text,
                root -> root.objects("tables", MAX_TABLES, GlbConfig::table).orElse(List.of()));
    }

    private static GlbTable table(JsonFields table) {
        Optional<List<GlbBackend>> backends =
                table.objects("backends", GlbTable.MAX_BACKENDS, GlbConfig::backend);
        if (backends.isPresent()
                && backends.get().stream().allMatch(b -> b.state() == State.INACTIVE)) {
            table.problem("backends", "has none to forward to", "at least one not inactive");
        }
        return new GlbTable(
                table.optionalText("name", scalar("", Function.identity(), "")).orElse(""),
                table.text("hash_key", key()),
                table.text("seed", key()),
                table.objects("binds", GlbTable.MAX_BINDS, GlbConfig::bind).orElse(List.of()),
                backends.orElse(List.of()));
    }

    private static GlbBackend backend(JsonFields backend) {
        return new GlbBackend(
                backend.text("ip", scalar(Address.of(new byte[4]), GlbLiteral::parse, LITERAL)),
                backend.text("state", Scalars.oneOf(State.class)),
                backend.flag("healthy", false));
    }

    private static GlbBind bind(JsonFields bind) {
        Block block =
                bind.text(
                        "ip",
                        scalar(
                                new Block(Address.of(new byte[4]), 0),
                                Block::parse,
                                LITERAL + " or a CIDR block, e.g. 203.0.113.0/24"));
        Protocol protocol = bind.text("proto", Scalars.oneOf(Protocol.class));
        Scalar<Integer> port = Scalars.integer(0, MAX_PORT);
        if (bind.has("port") || (!bind.has("port_start") && !bind.has("port_end"))) {
            int only = bind.number("port", port);
            return new GlbBind(block.address(), block.prefixBits(), protocol, only, only);
        }
        int first = bind.number("port_start", port);
        int last = bind.number("port_end", port);
        if (bind.has("port_end") && first > last) {
            bind.problem("port_end", "is below port_start", first + " to " + MAX_PORT);
        }
        return new GlbBind(block.address(), block.prefixBits(), protocol, first, last);
    }

    private record Block(Address address, int prefixBits) {
        static Block parse(String text) {
            int slash = text.indexOf('/');
            Address address = GlbLiteral.parse(slash < 0 ? text : text.substring(0, slash));
            if (slash < 0) {
                return new Block(address, address.bits());
            }
            String bits = text.substring(slash + 1);
            if (!bits.matches("[0-9]{1,3}") || Integer.parseInt(bits) > address.bits()) {
                throw new IllegalArgumentException("prefix of '" + bits + "' bits");
            }
            return new Block(address, Integer.parseInt(bits));
        }
    }

    private static Scalar<SipHash.Key> key() {
        return Scalars.secret(
                new Scalar<>() {
                    @Override
                    public Reading<SipHash.Key> read(String text) {
                        return text.matches("[0-9A-Fa-f]{32}")
                                ? new Reading.Fits<>(SipHash.Key.of(HexFormat.of().parseHex(text)))
                                : Reading.wrong(
                                        text.matches("[0-9A-Fa-f]*")
                                                ? "has " + text.length() + " hexadecimal digits"
                                                : "is not hexadecimal",
                                        "32 hexadecimal digits (16 bytes)");
                    }

                    @Override
                    public SipHash.Key placeholder() {
                        return new SipHash.Key(0, 0);
                    }
                });
    }

    private static <T> Scalar<T> scalar(T placeholder, Function<String, T> parser, String allowed) {
        return Scalars.parsed(placeholder, parser, allowed);
    }
}
