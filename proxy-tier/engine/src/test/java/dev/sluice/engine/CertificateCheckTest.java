package dev.sluice.engine;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.cluster.config.Problem;
import dev.sluice.cluster.l7.L7Config;
import dev.sluice.cluster.l7.Tls;
import dev.sluice.engine.tls.CertificateCheck;
import dev.sluice.engine.tls.CertificateCheck.Findings;
import dev.sluice.engine.tls.CertificateFacts;
import dev.sluice.engine.tls.Staples;

import io.netty.pkitesting.CertificateBuilder;
import io.netty.pkitesting.X509Bundle;

import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Optional;

/** What {@code sluice cert check} finds, and the proxy refuses. */
final class CertificateCheckTest {
    private final Instant now = Instant.now().truncatedTo(ChronoUnit.SECONDS);

    @TempDir Path folder;
    private X509Bundle root;
    private X509Bundle middle;

    @BeforeEach
    void makeAuthorities() throws Exception {
        root = authority("CN=root").buildSelfSigned();
        middle = authority("CN=middle").buildIssuedBy(root);
    }

    @Test
    void aWholeChainHasNothingAgainstIt() throws Exception {
        TestCertificate a = write(leaf().buildIssuedBy(middle));
        Findings findings = check(a, Optional.empty(), List.of("a.test", "x.a.test"));
        assertThat(findings.isWithoutWarning()).isTrue();
        CertificateFacts facts = findings.certificates().getFirst();
        assertThat(facts.names()).containsExactly("a.test", "x.a.test");
        assertThat(facts.key()).isEqualTo("EC 256");
        assertThat(facts.chain()).containsExactly("CN=a", "CN=middle");
        assertThat(facts.issuer()).isEqualTo("CN=middle");
    }

    @Test
    void aChainThatStopsShortIsWarnedOf() throws Exception {
        TestCertificate a = write(leaf().buildIssuedBy(middle));
        Files.writeString(a.certificate(), a.bundle().getCertificatePEM());
        Findings findings = check(a, Optional.empty(), List.of());
        assertThat(findings.problems()).isEmpty();
        assertThat(findings.certificates().getFirst().warnings())
                .containsExactly(
                        "the chain stops at CN=a, issued by CN=middle, which is neither in the file"
                                + " nor a known authority");
    }

    @Test
    void aChainOutOfOrderIsRefused() throws Exception {
        TestCertificate a = write(leaf().buildIssuedBy(middle));
        Files.writeString(
                a.certificate(), a.bundle().getCertificatePEM() + root.getCertificatePEM());
        assertThat(problems(a))
                .containsExactly(
                        a.certificate()
                                + ": certificate: "
                                + a.certificate()
                                + " is not in order: CN=root did not issue CN=a; the leaf comes"
                                + " first, then whoever issued it, and so on");
    }

    @Test
    void whatIsOutOfItsTimeIsRefusedWhereverInTheChainItIs() throws Exception {
        Instant past = now.minus(Duration.ofDays(1));
        Instant future = now.plus(Duration.ofDays(1));
        TestCertificate old =
                write(leaf().notBefore(past.minusSeconds(9)).notAfter(past).buildIssuedBy(middle));
        assertThat(problems(old))
                .singleElement()
                .asString()
                .endsWith("a.crt: CN=a ended at " + past + "; renew it");
        TestCertificate early =
                write(
                        leaf().notBefore(future)
                                .notAfter(future.plusSeconds(9))
                                .buildIssuedBy(middle));
        assertThat(problems(early))
                .singleElement()
                .asString()
                .contains("a.crt: CN=a begins at " + future + "; is this host's clock right?");
        middle =
                authority("CN=middle")
                        .notBefore(past.minusSeconds(9))
                        .notAfter(past)
                        .buildIssuedBy(root);
        assertThat(problems(write(leaf().buildIssuedBy(middle))))
                .singleElement()
                .asString()
                .contains("CN=middle ended at " + past);
    }

    @Test
    void weakKeysAndSignaturesAreRefused() throws Exception {
        assertThat(weak("short"))
                .contains("CN=short is too weak: its key is RSA 1024; RSA of 2048");
        assertThat(weak("sha1")).contains("CN=sha1 is too weak: its signature is SHA1withRSA;");
    }

    private String weak(String name) throws Exception {
        Path file = Path.of(getClass().getResource("/weak/" + name + ".crt").toURI());
        Tls.KeyPair files = new Tls.KeyPair(file.toString(), "/nowhere");
        return CertificateCheck.of(files, Optional.empty(), terms(List.of()))
                .problems()
                .getFirst()
                .toString();
    }

    @Test
    void whoeverElseCanReadTheKeyIsReportedBesideEverythingElse() throws Exception {
        Instant past = now.minus(Duration.ofDays(1));
        TestCertificate a =
                write(leaf().notBefore(past.minusSeconds(9)).notAfter(past).buildIssuedBy(middle));
        Files.setPosixFilePermissions(a.key(), PosixFilePermissions.fromString("rw-r--r--"));
        assertThat(problems(a))
                .hasSize(2)
                .last()
                .asString()
                .endsWith(
                        "key: %s is open to other users than its owner; chmod 600 %s"
                                .formatted(a.key(), a.key()));
    }

    @Test
    void aStapleMustBeAboutTheCertificateAndGood() throws Exception {
        TestCertificate a = write(leaf().buildIssuedBy(middle));
        X509Certificate own = a.bundle().getCertificate();
        X509Certificate other = leaf().buildIssuedBy(middle).getCertificate();
        Instant later = now.plusSeconds(60);
        assertThat(staple(a, by(middle, own, Staples.Answer.GOOD, later)).isWithoutWarning())
                .isTrue();
        assertThat(staple(a, by(middle, other, Staples.Answer.GOOD, later)).problems())
                .singleElement()
                .asString()
                .contains("ocsp is about another certificate");
        assertThat(staple(a, by(middle, own, Staples.Answer.REVOKED, later)).problems())
                .singleElement()
                .asString()
                .contains("ocsp says that the certificate is revoked");
        Findings late = staple(a, by(middle, own, Staples.Answer.GOOD, now.minusSeconds(1)));
        assertThat(late.problems()).isEmpty();
        assertThat(late.certificates().getFirst().warnings())
                .containsExactly("its staple ended at " + now.minusSeconds(1));
    }

    private byte[] by(
            X509Bundle signer, X509Certificate certificate, Staples.Answer answer, Instant until)
            throws Exception {
        return Staples.of(certificate, middle, signer, answer, until);
    }

    /** RFC 6960 §4.2.2.2. */
    @Test
    void aStapleIsSignedByTheIssuerOrByWhomItNamedForThat() throws Exception {
        TestCertificate a = write(leaf().buildIssuedBy(middle));
        X509Certificate own = a.bundle().getCertificate();
        CertificateBuilder responder = new CertificateBuilder().subject("CN=responder").ecp256();
        X509Bundle other = responder.buildIssuedBy(middle);
        responder.addExtendedKeyUsageOcspSigning();
        X509Bundle named = responder.buildIssuedBy(middle);
        X509Bundle stranger = responder.setIsCertificateAuthority(true).buildSelfSigned();
        Instant later = now.plusSeconds(60);
        assertThat(staple(a, by(named, own, Staples.Answer.GOOD, later)).isWithoutWarning())
                .isTrue();
        assertThat(staple(a, by(other, own, Staples.Answer.GOOD, later)).problems())
                .singleElement()
                .asString()
                .contains("who signed it may not do so for the issuer");
        assertThat(staple(a, by(stranger, own, Staples.Answer.GOOD, later)).problems()).hasSize(1);
        byte[] forged = by(middle, own, Staples.Answer.GOOD, later);
        forged[forged.length - 1] ^= 1;
        assertThat(staple(a, forged).problems())
                .singleElement()
                .asString()
                .contains("its signature is not the issuer's");
    }

    @Test
    void aStapleNeedsTheIssuerInTheChain() throws Exception {
        TestCertificate a = write(leaf().buildIssuedBy(middle));
        Files.writeString(a.certificate(), a.bundle().getCertificatePEM());
        X509Certificate own = a.bundle().getCertificate();
        byte[] good = by(middle, own, Staples.Answer.GOOD, now.plusSeconds(60));
        assertThat(staple(a, good).problems())
                .singleElement()
                .asString()
                .contains("lacks its issuer's")
                .endsWith("append it to the chain");
    }

    @Test
    void anEndThatIsNearAndNamesThatAreMissingAreWarnedOf() throws Exception {
        TestCertificate a =
                write(
                        leaf().notAfter(now.plus(Duration.ofDays(5)).plusSeconds(9))
                                .buildIssuedBy(middle));
        Findings findings = check(a, Optional.empty(), List.of("a.test", "x.y.a.test"));
        assertThat(findings.certificates().getFirst().warnings())
                .containsExactly("ends in 5 days: renew it");
        assertThat(findings.warnings()).containsExactly("no certificate is for x.y.a.test");
    }

    @Test
    void aConfigurationIsCheckedAsTheProxyDoesIt() throws Exception {
        TestCertificate a = write(leaf().buildIssuedBy(middle));
        L7Config config =
                L7Config.parse(
                                "l7.yaml",
                                "listeners:\n  - name: web\n    addresses: [\"127.0.0.1:1\"]\n"
                                        + a.tls()
                                        + "\nroutes:\n  - {host: a.test, upstream: app}\n"
                                        + "  - {host: b.test, upstream: app}\n"
                                        + "upstreams:\n  - name: app\n    tls:"
                                        + " {trust: /nowhere, name: app.test}\n")
                        .orElseThrow();
        Findings findings = CertificateCheck.of("l7.yaml", config, terms(List.of()));
        assertThat(findings.certificates()).hasSize(1);
        assertThat(findings.problems().stream().map(Problem::toString))
                .containsExactly(
                        "l7.yaml: upstreams[0].tls.trust: cannot read /nowhere: it does not exist");
        assertThat(findings.warnings()).containsExactly("no certificate is for b.test");
    }

    private Findings staple(TestCertificate a, byte[] response) throws Exception {
        Path file = Files.write(folder.resolve("ocsp"), response);
        return check(a, Optional.of(file.toString()), List.of());
    }

    private List<String> problems(TestCertificate a) {
        return check(a, Optional.empty(), List.of()).problems().stream()
                .map(Problem::toString)
                .toList();
    }

    private Findings check(TestCertificate a, Optional<String> staple, List<String> names) {
        return CertificateCheck.of(
                new Tls.KeyPair(a.certificate().toString(), a.key().toString()),
                staple,
                terms(names));
    }

    private CertificateCheck.Terms terms(List<String> names) {
        return new CertificateCheck.Terms(
                now, Duration.ofDays(30), names, List.of(root.getCertificate()));
    }

    private static String pem(X509Bundle... chain) {
        StringBuilder text = new StringBuilder();
        for (X509Bundle one : chain) {
            text.append(one.getCertificatePEM());
        }
        return text.toString();
    }

    /** With its issuers, but for the root. */
    private TestCertificate write(X509Bundle bundle) throws Exception {
        TestCertificate written = TestCertificate.write(folder, "a", bundle);
        Files.writeString(written.certificate(), pem(bundle, middle));
        return written;
    }

    private CertificateBuilder leaf() {
        return new CertificateBuilder()
                .subject("CN=a")
                .ecp256()
                .addSanDnsName("a.test")
                .addSanDnsName("x.a.test")
                .notAfter(now.plus(Duration.ofDays(90)));
    }

    private CertificateBuilder authority(String subject) {
        return new CertificateBuilder()
                .subject(subject)
                .ecp256()
                .notAfter(now.plus(Duration.ofDays(900)))
                .setIsCertificateAuthority(true);
    }
}
