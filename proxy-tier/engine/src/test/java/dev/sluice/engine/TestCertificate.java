package dev.sluice.engine;

import io.netty.pkitesting.CertificateBuilder;
import io.netty.pkitesting.X509Bundle;

import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;

/** A certificate and its key, in files as a proxy wants them. */
record TestCertificate(Path certificate, Path key, X509Bundle bundle) {

    /** Self-signed, for one name. */
    static TestCertificate write(Path folder, String file, String name) throws Exception {
        return write(folder, file, builder(file, name).buildSelfSigned());
    }

    static CertificateBuilder builder(String file, String name) {
        return new CertificateBuilder()
                .subject("CN=" + file)
                .ecp256()
                .addSanDnsName(name)
                .setIsCertificateAuthority(true);
    }

    static TestCertificate write(Path folder, String file, X509Bundle bundle) throws Exception {
        Path certificate = folder.resolve(file + ".crt");
        Path key = folder.resolve(file + ".key");
        Files.writeString(certificate, bundle.getCertificatePathPEM());
        Files.writeString(key, bundle.getPrivateKeyPEM());
        Files.setPosixFilePermissions(key, PosixFilePermissions.fromString("rw-------"));
        return new TestCertificate(certificate, key, bundle);
    }

    /** A listener's section with this one, indented by four spaces. */
    String tls() {
        return "    tls: {certificates: [{certificate: %s, key: %s}]}".formatted(certificate, key);
    }
}
