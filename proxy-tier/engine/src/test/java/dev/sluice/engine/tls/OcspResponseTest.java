package dev.sluice.engine.tls;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.netty.pkitesting.CertificateBuilder;
import io.netty.pkitesting.X509Bundle;

import org.junit.jupiter.api.Test;

import java.security.GeneralSecurityException;
import java.security.cert.CertificateParsingException;
import java.time.Instant;
import java.util.Arrays;

final class OcspResponseTest {
    private static final Instant UNTIL = Instant.parse("2026-05-04T16:20:00Z");

    @Test
    void anAnswerIsAboutOneCertificateAndForATime() throws Exception {
        X509Bundle asked = certificate("asked");
        OcspResponse.Single answer = parse(Staples.of(asked, Staples.Answer.GOOD, UNTIL));
        assertThat(isAbout(answer, asked)).isTrue();
        assertThat(isAbout(answer, certificate("other"))).isFalse();
        assertThat(answer.status()).isEqualTo(OcspResponse.Status.GOOD);
        assertThat(answer.until()).contains(UNTIL);
    }

    @Test
    void whatIsNotGoodIsToldApart() throws Exception {
        X509Bundle asked = certificate("asked");
        assertThat(parse(Staples.of(asked, Staples.Answer.REVOKED, UNTIL)).status())
                .isEqualTo(OcspResponse.Status.REVOKED);
        assertThat(parse(Staples.of(asked, Staples.Answer.UNKNOWN, UNTIL)).status())
                .isEqualTo(OcspResponse.Status.UNKNOWN);
    }

    @Test
    void everyCutAndEveryTryLaterIsRefused() throws Exception {
        byte[] whole = Staples.of(certificate("asked"), Staples.Answer.GOOD, UNTIL);
        for (int length = 0; length < whole.length; length++) {
            byte[] cut = Arrays.copyOf(whole, length);
            assertThatThrownBy(() -> OcspResponse.parse(cut))
                    .isInstanceOf(GeneralSecurityException.class);
        }
        byte[] tryLater = {0x30, 3, 0x0a, 1, 3};
        assertThatThrownBy(() -> OcspResponse.parse(tryLater))
                .isInstanceOf(CertificateParsingException.class)
                .hasMessage("the responder had no answer");
        assertThatThrownBy(() -> OcspResponse.parse(Arrays.copyOf(whole, whole.length + 1)))
                .hasMessage("bytes follow its end");
    }

    private static OcspResponse.Single parse(byte[] bytes) throws Exception {
        return OcspResponse.parse(bytes).answers().getFirst();
    }

    private static boolean isAbout(OcspResponse.Single answer, X509Bundle certificate)
            throws Exception {
        return answer.isAbout(certificate.getCertificate(), certificate.getCertificate());
    }

    private static X509Bundle certificate(String name) throws Exception {
        return new CertificateBuilder()
                .subject("CN=" + name)
                .ecp256()
                .setIsCertificateAuthority(true)
                .buildSelfSigned();
    }
}
