package dev.sluice.engine.tls;

import dev.sluice.cluster.config.Problem;
import dev.sluice.cluster.l7.Entry;
import dev.sluice.cluster.l7.L7Config;
import dev.sluice.cluster.l7.Listener;
import dev.sluice.cluster.l7.StreamListener;
import dev.sluice.cluster.l7.Tls;
import dev.sluice.cluster.l7.Upstream;
import dev.sluice.cluster.l7.route.HostPattern;

import java.nio.file.Path;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Looks at certificates as a proxy does before it serves them, and at what a proxy cannot know to
 * be wrong. Blocks on files.
 */
public final class CertificateCheck {
    private final Terms terms;
    private final List<CertificateFacts> certificates = new ArrayList<>();
    private final List<Problem> problems = new ArrayList<>();

    private CertificateCheck(Terms terms) {
        this.terms = terms;
    }

    /**
     * What is looked for.
     *
     * @param soon a certificate that ends within this is warned of
     * @param names that one of the certificates must be for
     * @param authorities whom clients trust
     */
    public record Terms(
            Instant now, Duration soon, List<String> names, List<X509Certificate> authorities) {
        public Terms {
            names = List.copyOf(names);
            authorities = List.copyOf(authorities);
        }
    }

    /**
     * What was found.
     *
     * @param problems for which a proxy refuses them
     * @param warnings that are about no single certificate
     */
    public record Findings(
            List<CertificateFacts> certificates, List<Problem> problems, List<String> warnings) {
        public Findings {
            certificates = List.copyOf(certificates);
            problems = List.copyOf(problems);
            warnings = List.copyOf(warnings);
        }

        /** Nothing is refused, and nothing is worth a warning. */
        public boolean isWithoutWarning() {
            return problems.isEmpty()
                    && warnings.isEmpty()
                    && certificates.stream().allMatch(one -> one.warnings().isEmpty());
        }
    }

    /** Of a certificate and its key. */
    public static Findings of(Tls.KeyPair files, Optional<String> staple, Terms terms) {
        CertificateCheck check = new CertificateCheck(terms);
        String origin = files.certificate();
        Credentials.load(origin, "", files, check.problems::add);
        check.describe(new TlsFiles(origin, "", check.problems::add), files, staple);
        return check.findings(check.missing(terms.names()));
    }

    /**
     * Of everything that a configuration names.
     *
     * @param origin what problems name as their file
     */
    public static Findings of(String origin, L7Config config, Terms terms) {
        CertificateCheck check = new CertificateCheck(terms);
        for (int i = 0; i < config.entries().size(); i++) {
            check.listener(origin, "listeners[" + i + "].tls", config.entries().get(i));
        }
        List<String> warnings = new ArrayList<>(check.missing(terms.names()));
        if (config.listeners().stream().anyMatch(listener -> listener.tls().isPresent())) {
            warnings.addAll(check.missing(hosts(config)));
        }
        for (int i = 0; i < config.upstreams().size(); i++) {
            check.upstream(origin, "upstreams[" + i + "].tls", config.upstreams().get(i));
        }
        return check.findings(warnings);
    }

    private static void toldAlready(Problem ignored) {}

    private static List<String> hosts(L7Config config) {
        return config.routes().stream()
                .map(route -> route.host())
                .filter(host -> host instanceof HostPattern.Exact(String name) && isName(name))
                .map(HostPattern::toString)
                .distinct()
                .toList();
    }

    private static boolean isName(String host) {
        return !host.startsWith("[") && !host.matches("[0-9.]+");
    }

    private void listener(String origin, String path, Entry entry) {
        switch (entry) {
            case Listener listener ->
                    listener.tls().ifPresent(tls -> server(origin, path, tls, listener));
            case StreamListener stream -> {
                if (stream.service() instanceof StreamListener.Tcp(String _, Optional<Tls> tls)) {
                    tls.ifPresent(terminated -> server(origin, path, terminated, stream));
                }
            }
        }
    }

    private void server(String origin, String path, Tls tls, Entry entry) {
        TlsServer.load(
                origin,
                path,
                tls,
                entry instanceof Listener listener ? listener.versions() : List.of(),
                problems::add);
        for (Tls.Certificate one : tls.certificates()) {
            describe(
                    new TlsFiles(origin, path, CertificateCheck::toldAlready),
                    one.files(),
                    one.staple());
        }
    }

    private void upstream(String origin, String path, Upstream upstream) {
        upstream.tls()
                .ifPresent(tls -> {
                    TlsClient.load(origin, path, tls, upstream.version().offers(), problems::add);
                    TlsFiles files = new TlsFiles(origin, path, CertificateCheck::toldAlready);
                    tls.client().ifPresent(shown -> describe(files, shown, Optional.empty()));
                });
    }

    /** Nothing if the chain cannot be read, which was reported. */
    private void describe(TlsFiles files, Tls.KeyPair pair, Optional<String> stapleFile) {
        TlsFiles silent = new TlsFiles(files.origin(), files.path(), CertificateCheck::toldAlready);
        List<X509Certificate> chain =
                silent.certificates("certificate", Path.of(pair.certificate()));
        if (chain.isEmpty()) {
            return;
        }
        Optional<Staple> staple =
                stapleFile.flatMap(
                        file -> Optional.ofNullable(Staple.read(files, Path.of(file), chain)));
        certificates.add(
                CertificateFacts.of(pair.certificate(), chain, staple, warnings(chain, staple)));
    }

    private List<String> warnings(List<X509Certificate> chain, Optional<Staple> staple) {
        List<String> warnings = new ArrayList<>();
        Duration left = Duration.between(terms.now(), CertificateFacts.end(chain));
        if (!left.isNegative() && left.compareTo(terms.soon()) < 0) {
            warnings.add("ends in " + left.toDays() + " days: renew it");
        }
        X509Certificate last = chain.getLast();
        if (chain.size() == 1 && ChainRules.isIssuedBy(last, last)) {
            warnings.add("is signed by itself: clients trust it only if they were given it");
        } else if (!ChainRules.isIssuedBy(last, last) && !isKnown(last)) {
            warnings.add(
                    ("the chain stops at %s, issued by %s, which is neither in the file nor a known"
                                    + " authority")
                            .formatted(
                                    ChainRules.subject(last),
                                    last.getIssuerX500Principal().getName()));
        }
        if (Credentials.names(chain.getFirst()).isEmpty()) {
            warnings.add("has no DNS names: clients look for theirs nowhere else");
        }
        staple.filter(one -> one.hasEnded(terms.now()))
                .ifPresent(one -> warnings.add("its staple ended at " + one.until().orElseThrow()));
        return warnings;
    }

    private boolean isKnown(X509Certificate last) {
        return terms.authorities().stream()
                .anyMatch(authority -> ChainRules.isIssuedBy(last, authority));
    }

    private List<String> missing(List<String> names) {
        return names.stream()
                .filter(name -> certificates.stream().noneMatch(one -> covers(one, name)))
                .map(name -> "no certificate is for " + name)
                .toList();
    }

    /** A wildcard stands for exactly one label (RFC 6125 §6.4.3). */
    private static boolean covers(CertificateFacts one, String name) {
        int dot = name.indexOf('.');
        return one.names().contains(name)
                || (dot > 0 && one.names().contains("*" + name.substring(dot)));
    }

    private Findings findings(List<String> warnings) {
        return new Findings(certificates, problems, warnings);
    }
}
