package dev.sluice.proxy.bench;

import io.netty.pkitesting.CertificateBuilder;
import io.netty.pkitesting.X509Bundle;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;

/**
 * A certificate that nobody trusts, on ECDSA with P-256.
 *
 * @param both certificate and key in one file
 */
record TestCertificate(Path chain, Path key, Path both) {

    static TestCertificate in(Path folder) throws IOException {
        X509Bundle bundle = make();
        String chain = bundle.getCertificatePathPEM();
        String key = bundle.getPrivateKeyPEM();
        return new TestCertificate(
                write(folder.resolve("chain.pem"), chain),
                write(folder.resolve("key.pem"), key),
                write(folder.resolve("both.pem"), chain + "\n" + key));
    }

    private static X509Bundle make() throws IOException {
        try {
            return new CertificateBuilder()
                    .subject("CN=bench.example")
                    .addSanDnsName("bench.example")
                    .algorithm(CertificateBuilder.Algorithm.ecp256)
                    .setIsCertificateAuthority(true)
                    .buildSelfSigned();
        } catch (Exception e) {
            throw new IOException("cannot make a certificate: " + e.getMessage(), e);
        }
    }

    private static Path write(Path file, String text) throws IOException {
        Files.createFile(
                file,
                PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
        return Files.writeString(file, text);
    }
}
