package dev.sluice.engine;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.nio.file.Path;

/** A judge that is not ours: all 146 cases, none skipped, in plaintext and over TLS. */
final class H2SpecIT {
    private static final int CASES = 146;

    @TempDir Path folder;

    @Test
    void everyCasePassesInPlaintext() throws Exception {
        try (Server server = Server.saying("hello");
                Bench bench = Http2IT.bench(server)) {
            check(H2Spec.unpack(folder).judge(bench.port));
        }
    }

    @Test
    void everyCasePassesOverTls() throws Exception {
        TestCertificate certificate = TestCertificate.write(folder, "a", "a.test");
        try (Server server = Server.saying("hello");
                Bench bench = Bench.with(certificate.tls(), "", server)) {
            check(H2Spec.unpack(folder).judge(bench.port, "-t", "-k"));
        }
    }

    private static void check(H2Spec.Verdict verdict) {
        assertThat(verdict.failed()).as(verdict.text()).isZero();
        assertThat(verdict.skipped()).as(verdict.text()).isZero();
        assertThat(verdict.passed()).isEqualTo(verdict.tests()).isEqualTo(CASES);
    }
}
