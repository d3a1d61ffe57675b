package dev.sluice.engine.tls;

import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * What a client says of itself at the start of TLS (RFC 8446 §4.1.2), as far as a server has to be
 * chosen by it. Values that nobody knows, GREASE (RFC 8701) among them, mean nothing. Of an
 * encrypted hello (ECH) only the outer one is seen, and its name is the one that counts.
 *
 * @param name the server's, in lower case
 * @param version13 TLS 1.3 is among the offered versions
 * @param suites offered, by their numbers
 * @param signatures schemes that the client verifies, by their numbers; empty if it did not say
 */
public record ClientHello(
        Optional<String> name, boolean version13, Set<Integer> suites, List<Integer> signatures) {
    private static final Set<Integer> ECDSA_SUITES =
            Set.of(
                    0xc009, 0xc00a, 0xc023, 0xc024, 0xc02b, 0xc02c, 0xc0ac, 0xc0ad, 0xc0ae, 0xc0af,
                    0xcca9);
    private static final Set<Integer> ECDSA_SCHEMES = Set.of(0x0403, 0x0503, 0x0603);
    private static final Set<Integer> RSA_SCHEMES =
            Set.of(0x0401, 0x0501, 0x0601, 0x0804, 0x0805, 0x0806);
    private static final int ED25519 = 0x0807;

    public ClientHello {
        suites = Set.copyOf(suites);
        signatures = List.copyOf(signatures);
    }

    /**
     * Whether the client can check a certificate with such a key.
     *
     * @param algorithm as Java names it
     */
    boolean takes(String algorithm) {
        return switch (algorithm) {
            case "EC" ->
                    signatures.stream().anyMatch(ECDSA_SCHEMES::contains)
                            && (version13 || suites.stream().anyMatch(ECDSA_SUITES::contains));
            case "RSA" ->
                    signatures.isEmpty() || signatures.stream().anyMatch(RSA_SCHEMES::contains);
            case "EdDSA", "Ed25519" -> signatures.contains(ED25519);
            default -> true;
        };
    }
}
