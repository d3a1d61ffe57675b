package dev.sluice.cluster.l7;

import dev.sluice.cluster.config.Scalars;
import dev.sluice.cluster.config.Section;
import dev.sluice.cluster.l7.route.HostSyntax;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * How the endpoints of an upstream are spoken to over TLS: always verified.
 *
 * @param trust file on the proxies with the certificates of the authorities that are trusted; no
 *     others are
 * @param name that an endpoint's certificate must be for, and that it is asked for (SNI)
 * @param client the certificate that the proxy shows if it is asked for one
 */
public record UpstreamTls(String trust, String name, Optional<Tls.KeyPair> client) {

    /** Every file that it names. */
    public List<String> files() {
        List<String> files = new ArrayList<>(List.of(trust));
        client.ifPresent(shown -> files.addAll(List.of(shown.certificate(), shown.key())));
        return List.copyOf(files);
    }

    static UpstreamTls read(Section section) {
        return new UpstreamTls(
                section.required("trust", Scalars.path()),
                section.required(
                        "name",
                        dev.sluice.cluster.config.Scalars.text()
                                .where(
                                        text -> HostSyntax.NAME.matcher(text).matches(),
                                        "is not a host name",
                                        "a name in lower case, like app.internal")),
                section.maybeSection("client", Tls.KeyPair::read));
    }
}
