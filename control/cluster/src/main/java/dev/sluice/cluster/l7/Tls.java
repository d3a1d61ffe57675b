package dev.sluice.cluster.l7;

import dev.sluice.cluster.config.Scalars;
import dev.sluice.cluster.config.Section;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * How a listener terminates TLS.
 *
 * @param certificates chosen by the name that the client asks for, and among those for a name by
 *     what the client can check, the first one first
 * @param unknownName what becomes of clients that ask for another name, or for none
 * @param otherNames what becomes of requests for other hosts than the client's handshake named
 * @param clients who must prove who they are; empty for nobody
 * @param tickets file on the proxies with the secrets that session tickets are made of, so that a
 *     session goes on at any proxy that has it; empty for secrets of each proxy's own
 */
public record Tls(
        List<Certificate> certificates,
        Version minVersion,
        UnknownName unknownName,
        OtherNames otherNames,
        Optional<Clients> clients,
        Optional<String> tickets) {

    public Tls {
        certificates = List.copyOf(certificates);
    }

    static Tls read(Section section) {
        return new Tls(
                section.sections("certificates", Certificate::read),
                section.optional(
                        "minVersion",
                        Scalars.oneOf(Version.BY_NUMBER, Version.NUMBERS),
                        Version.V1_2),
                section.optional(
                        "unknownName", Scalars.oneOf(UnknownName.class), UnknownName.FIRST),
                section.optional(
                        "otherNames", Scalars.oneOf(OtherNames.class), OtherNames.SAME_TERMS),
                section.maybeSection("clients", Clients::read),
                section.maybe("tickets", Scalars.secretPath()));
    }

    /** Who is asked for a certificate where this one is served. */
    public Optional<Clients> clients(Certificate served) {
        return served.clients().or(() -> clients);
    }

    /** Every file that it names. */
    public List<String> files() {
        List<String> files = new ArrayList<>();
        for (Certificate served : certificates) {
            files.add(served.files().certificate());
            files.add(served.files().key());
            served.staple().ifPresent(files::add);
            clients(served).map(Clients::authorities).ifPresent(files::add);
        }
        tickets.ifPresent(files::add);
        return List.copyOf(files);
    }

    /** What becomes of a client that asks for a name that no certificate is for, or for none. */
    public enum UnknownName {
        /** It gets the first certificate. */
        FIRST,
        /** It gets an alert. */
        REFUSE
    }

    /**
     * What becomes of a request for another host than the one that the client's handshake named.
     * None goes where others must prove who they are: that would make the proof a formality.
     */
    public enum OtherNames {
        /** It is served if clients are asked for the same proof there (RFC 9110 §7.4). */
        SAME_TERMS,
        /** It is refused: each host has connections of its own. */
        REFUSE
    }

    /**
     * A certificate that is served.
     *
     * @param staple file on the proxies with an OCSP response, DER; empty for none
     * @param clients for this certificate's names; empty for what the listener says
     */
    public record Certificate(KeyPair files, Optional<String> staple, Optional<Clients> clients) {
        static Certificate read(Section section) {
            return new Certificate(
                    KeyPair.read(section),
                    section.maybe("staple", Scalars.path()),
                    section.maybeSection("clients", Clients::read));
        }
    }

    /**
     * Clients that are asked for a certificate.
     *
     * @param authorities file on the proxies with those who may have issued it, PEM
     * @param required without one there is no connection
     */
    public record Clients(String authorities, boolean required) {
        static Clients read(Section section) {
            return new Clients(
                    section.required("authorities", Scalars.path()),
                    section.optional("required", Scalars.flag(), true));
        }
    }

    /**
     * Files on the proxies, both PEM.
     *
     * @param certificate the chain, leaf first
     * @param key PKCS #8; readable by its owner alone
     */
    public record KeyPair(String certificate, String key) {
        static KeyPair read(Section section) {
            return new KeyPair(
                    section.required("certificate", Scalars.path()),
                    section.required("key", Scalars.secretPath()));
        }
    }

    /** Versions of TLS that are safe to offer. */
    public enum Version {
        V1_2("1.2"),
        V1_3("1.3");

        private static final List<String> NUMBERS = List.of("1.2", "1.3");
        private static final Map<String, Version> BY_NUMBER = Map.of("1.2", V1_2, "1.3", V1_3);

        private final String number;

        Version(String number) {
            this.number = number;
        }

        public String number() {
            return number;
        }
    }
}
