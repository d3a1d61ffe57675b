package dev.sluice.engine.http;

import dev.sluice.cluster.config.AddressBlock;

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

    private boolean trusts(Peer peer) {
        for (AddressBlock block : trusted) {
            if (block.contains(peer.remote().address())) {
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
