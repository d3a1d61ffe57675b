package dev.sluice.launcher;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.pkitesting.CertificateBuilder;
import io.netty.pkitesting.X509Bundle;

import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import picocli.CommandLine;

import tools.jackson.databind.JsonNode;
import tools.jackson.databind.ObjectMapper;

import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.time.Instant;

class CertCheckTest {
    private static final int WARNED = 1;
    private static final int USAGE = 2;
    private static final int REFUSED = 3;

    private final StringWriter out = new StringWriter();
    private final StringWriter err = new StringWriter();

    @TempDir Path folder;
    private Path certificate = Path.of("");
    private Path key = Path.of("");

    @BeforeEach
    void writePair() throws Exception {
        X509Bundle root =
                new CertificateBuilder()
                        .subject("CN=root")
                        .ecp256()
                        .setIsCertificateAuthority(true)
                        .buildSelfSigned();
        X509Bundle leaf =
                new CertificateBuilder()
                        .subject("CN=web")
                        .ecp256()
                        .addSanDnsName("www.example.org")
                        .notAfter(Instant.now().plus(Duration.ofDays(90)))
                        .buildIssuedBy(root);
        Files.writeString(authorities(), root.getCertificatePEM());
        certificate = Files.writeString(folder.resolve("web.crt"), leaf.getCertificatePEM());
        key = Files.writeString(folder.resolve("web.key"), leaf.getPrivateKeyPEM());
        Files.setPosixFilePermissions(key, PosixFilePermissions.fromString("rw-------"));
    }

    private Path authorities() {
        return folder.resolve("root.crt");
    }

    @Test
    void aPairThatFitsIsDescribed() {
        assertThat(run("--authorities", authorities(), "--name", "WWW.example.org")).isZero();
        assertThat(out.toString())
                .startsWith(certificate + "\n  names    www.example.org\n  key      EC 256\n")
                .contains(" days)\n  chain    CN=web\n  issuer   CN=root\n")
                .doesNotContain("warning");
        assertThat(err.toString()).isEmpty();
    }

    @Test
    void whatClientsMayNotLikeIsWarnedOf() {
        assertThat(run("--name", "b.example.org", "--days", "3650")).isEqualTo(WARNED);
        assertThat(out.toString())
                .contains("\n  warning  ends in 89 days: renew it\n")
                .contains("\n  warning  the chain stops at CN=web, issued by CN=root, which is")
                .contains("\nwarning: no certificate is for b.example.org\n");
    }

    @Test
    void aKeyForEverybodyIsRefusedWithTheWayOut() throws IOException {
        Files.setPosixFilePermissions(key, PosixFilePermissions.fromString("rw-r--r--"));
        assertThat(run()).isEqualTo(REFUSED);
        assertThat(err.toString())
                .isEqualTo(
                        "refused: %s: key: %s is open to other users than its owner; chmod 600 %s\n"
                                .formatted(certificate, key, key));
    }

    @Test
    void aConfigurationIsCheckedWhole() throws IOException {
        Path config = folder.resolve("l7.yaml");
        Files.writeString(
                config,
                """
                listeners:
                  - name: web
                    addresses: ["127.0.0.1:443"]
                    tls: {certificates: [{certificate: %s, key: %s}]}
                """
                        .formatted(certificate, certificate));
        assertThat(execute("cert", "check", config.toString(), "-o", "json")).isEqualTo(REFUSED);
        JsonNode found = new ObjectMapper().readTree(out.toString());
        assertThat(found.at("/certificates/0/names/0").asString()).isEqualTo("www.example.org");
        assertThat(found.at("/certificates/0/stapleEnd").isNull()).isTrue();
        assertThat(found.at("/problems/0").asString())
                .startsWith(config + ": listeners[0].tls.certificates[0].key: ");
        Files.writeString(config, "listeners: 7\n");
        assertThat(execute("cert", "check", config.toString())).isEqualTo(REFUSED);
        assertThat(err.toString()).contains("l7.yaml:1:12: listeners");
    }

    @Test
    void misuseIsExplained() {
        assertThat(execute("cert", "check")).isEqualTo(USAGE);
        assertThat(execute("cert", "check", "--key", "a")).isEqualTo(USAGE);
        assertThat(run("--days", "-1")).isEqualTo(USAGE);
        assertThat(err.toString()).contains("--days is -1: allowed are 0 to 3650");
        assertThat(execute("cert", "check", "--help")).isZero();
        assertThat(out.toString()).contains("Examples:\n  sluice cert check l7.yaml");
    }

    private int run(Object... more) {
        String[] arguments = new String[6 + more.length];
        String[] pair = {
            "cert", "check", "--certificate", certificate.toString(), "--key", key.toString()
        };
        System.arraycopy(pair, 0, arguments, 0, pair.length);
        for (int i = 0; i < more.length; i++) {
            arguments[pair.length + i] = more[i].toString();
        }
        return execute(arguments);
    }

    private int execute(String... arguments) {
        CommandLine command = Main.commandLine();
        command.setOut(new PrintWriter(out, true));
        command.setErr(new PrintWriter(err, true));
        return command.execute(arguments);
    }
}
