package dev.sluice.cluster.l7;

import dev.sluice.cluster.config.Scalar;
import dev.sluice.cluster.config.Scalars;
import dev.sluice.cluster.config.Section;

import java.util.List;
import java.util.Map;

/**
 * How a listener terminates TLS.
 *
 * @param certificates chosen by the name that the client asks for; the first if none fits
 */
public record Tls(List<KeyPair> certificates, Version minVersion) {

    public Tls {
        certificates = List.copyOf(certificates);
    }

    static Tls read(Section section) {
        return new Tls(
                section.sections("certificates", KeyPair::read),
                section.optional(
                        "minVersion",
                        Scalars.oneOf(Version.BY_NUMBER, Version.NUMBERS),
                        Version.V1_2));
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
                    section.required("certificate", path()), section.required("key", path()));
        }

        static Scalar<String> path() {
            return Scalars.text().where(p -> p.startsWith("/"), "is not an absolute path", "/…");
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
