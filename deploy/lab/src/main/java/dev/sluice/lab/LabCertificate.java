package dev.sluice.lab;

import dev.sluice.lab.process.Command;
import dev.sluice.lab.traffic.ClientHost;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.SecureRandom;
import java.util.Base64;

import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManagerFactory;

/** The lab's self-signed certificate for {@link ClientHost#HOST}, made by the JDK's keytool. */
public final class LabCertificate {
    private static final String CERTIFICATE = "certificate.pem";
    private static final String KEY = "key.pem";
    private static final String ALIAS = "lab";

    /** Of a key store that lives for a second in a root-only folder. */
    private static final String PASSWORD = "changeit";

    private LabCertificate() {}

    private static Path folder(LabDirectory directory) {
        return directory.root().resolve("tls");
    }

    static Path certificate(LabDirectory directory) {
        return folder(directory).resolve(CERTIFICATE);
    }

    static Path key(LabDirectory directory) {
        return folder(directory).resolve(KEY);
    }

    static void create(LabDirectory directory) throws IOException {
        create(folder(directory), ClientHost.HOST);
    }

    /**
     * Writes {@value #CERTIFICATE} and {@value #KEY} (mode 0600), unless they are there.
     *
     * @param host that they are for
     */
    public static void create(Path folder, String host) throws IOException {
        if (Files.exists(folder.resolve(KEY))) {
            return;
        }
        Files.createDirectories(folder);
        Path store = folder.resolve("store.p12");
        Command.require(
                Path.of(System.getProperty("java.home"), "bin", "keytool").toString(),
                "-J-XX:TieredStopAtLevel=1",
                "-genkeypair",
                "-keyalg",
                "EC",
                "-dname",
                "CN=" + host,
                "-ext",
                "SAN=dns:" + host,
                "-validity",
                "365",
                "-alias",
                ALIAS,
                "-keystore",
                store.toString(),
                "-storepass",
                PASSWORD);
        try {
            export(folder, store);
        } catch (GeneralSecurityException e) {
            throw new IOException("cannot read back the key made by keytool", e);
        } finally {
            Files.delete(store);
        }
    }

    private static void export(Path folder, Path store)
            throws IOException, GeneralSecurityException {
        KeyStore keys = KeyStore.getInstance("PKCS12");
        try (InputStream in = Files.newInputStream(store)) {
            keys.load(in, PASSWORD.toCharArray());
        }
        Files.writeString(
                folder.resolve(CERTIFICATE),
                pem("CERTIFICATE", keys.getCertificate(ALIAS).getEncoded()));
        Path key = folder.resolve(KEY);
        Files.createFile(
                key,
                PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
        Files.writeString(
                key, pem("PRIVATE KEY", keys.getKey(ALIAS, PASSWORD.toCharArray()).getEncoded()));
    }

    private static String pem(String type, byte[] der) {
        String body =
                Base64.getMimeEncoder(64, "\n".getBytes(StandardCharsets.US_ASCII))
                        .encodeToString(der);
        return "-----BEGIN %s-----\n%s\n-----END %s-----\n".formatted(type, body, type);
    }

    /** For clients that trust this certificate and no other. */
    public static SSLContext trust(LabDirectory directory) throws IOException {
        return trust(certificate(directory));
    }

    /** For clients that trust that certificate (PEM) and no other. */
    public static SSLContext trust(Path certificate) throws IOException {
        try (InputStream in = Files.newInputStream(certificate)) {
            var certificates = java.security.cert.CertificateFactory.getInstance("X.509");
            KeyStore anchors = KeyStore.getInstance(KeyStore.getDefaultType());
            anchors.load(null, null);
            anchors.setCertificateEntry(ALIAS, certificates.generateCertificate(in));
            TrustManagerFactory trust =
                    TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
            trust.init(anchors);
            SSLContext context = SSLContext.getInstance("TLS");
            context.init(null, trust.getTrustManagers(), new SecureRandom());
            return context;
        } catch (GeneralSecurityException e) {
            throw new IOException("the lab's certificate", e);
        }
    }
}
