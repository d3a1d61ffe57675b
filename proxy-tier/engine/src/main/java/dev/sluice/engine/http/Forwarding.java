package dev.sluice.engine.http;

import dev.sluice.cluster.config.AddressBlock;
import dev.sluice.cluster.pool.Address;

import java.util.Arrays;
import java.util.List;

/**
 * Tells the server about the client. What the client itself says about that is believed only if it
 * is one of the trusted peers; otherwise it is replaced.
 */
public final class Forwarding {
    private static final String FAMILY = "x-forwarded-";

    private static final List<Name> IDENTITY =
            List.of(
                    Names.CLIENT_CERT,
                    Names.CLIENT_CERT_CHAIN,
                    Names.CLIENT_CERT_SUBJECT,
                    Names.CLIENT_CERT_SHA256);

    private final List<AddressBlock> trusted;

    public Forwarding(List<AddressBlock> trusted) {
        this.trusted = trusted;
    }

    public void apply(RequestHead head, Peer peer) {
        Fields fields = head.fields();
        String client = peer.clientText();
        identify(fields, peer);
        if (trusts(peer)) {
            List<String> before = fields.all(Names.FORWARDED_FOR);
            fields.set(
                    Names.FORWARDED_FOR,
                    before.isEmpty() ? client : String.join(", ", before) + ", " + client);
            setIfMissing(fields, Names.FORWARDED_PROTO, scheme(peer));
            setIfMissing(fields, Names.FORWARDED_HOST, head.authority());
            return;
        }
        dropFamily(fields);
        fields.set(Names.FORWARDED_FOR, client);
        fields.set(Names.FORWARDED_PROTO, scheme(peer));
        fields.set(Names.FORWARDED_HOST, head.authority());
    }

    /**
     * What the connection proves replaces what is said; nothing is proven without one (RFC 9440).
     */
    private void identify(Fields fields, Peer peer) {
        Security security = peer.security();
        ClientCertificate proven = security == null ? null : security.certificate().orElse(null);
        if (proven == null && trusts(peer)) {
            return;
        }
        for (Name name : IDENTITY) {
            fields.remove(name);
        }
        if (proven != null) {
            fields.set(Names.CLIENT_CERT, proven.encoded());
            fields.set(Names.CLIENT_CERT_SUBJECT, proven.subject());
            fields.set(Names.CLIENT_CERT_SHA256, proven.sha256());
        }
    }

    /** Whether the client's request came over TLS, as far as we or a trusted peer know. */
    public boolean isSecure(RequestHead head, Peer peer) {
        String told = trusts(peer) ? head.fields().get(Names.FORWARDED_PROTO) : null;
        return told == null ? peer.secure() : told.equalsIgnoreCase("https");
    }

    /** Who the request is from: the last one on its way that is not a trusted peer. */
    public Address client(RequestHead head, Peer peer) {
        Address client = peer.remote().address();
        if (!trusts(client)) {
            return client;
        }
        List<String> hops =
                head.fields().all(Names.FORWARDED_FOR).stream()
                        .flatMap(line -> Arrays.stream(line.split(",", -1)))
                        .map(String::strip)
                        .toList();
        for (int i = hops.size() - 1; i >= 0 && trusts(client); i--) {
            try {
                client = Address.parse(hops.get(i));
            } catch (IllegalArgumentException ignored) {
                return client;
            }
        }
        return client;
    }

    private boolean trusts(Peer peer) {
        return !trusted.isEmpty() && trusts(peer.remote().address());
    }

    private boolean trusts(Address address) {
        for (AddressBlock block : trusted) {
            if (block.contains(address)) {
                return true;
            }
        }
        return false;
    }

    private static void dropFamily(Fields fields) {
        fields.namesStarting(FAMILY).forEach(fields::remove);
        fields.remove(Names.FORWARDED);
    }

    private static void setIfMissing(Fields fields, Name name, String value) {
        if (!fields.has(name)) {
            fields.set(name, value);
        }
    }

    private static String scheme(Peer peer) {
        return peer.secure() ? "https" : "http";
    }
}
