package dev.sluice.engine.tls;

import dev.sluice.cluster.config.Problem;

import org.jspecify.annotations.Nullable;

import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.cert.X509Certificate;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;

import javax.net.ssl.TrustManager;
import javax.net.ssl.TrustManagerFactory;
import javax.net.ssl.X509TrustManager;

/** Who may issue certificates. */
public final class Authorities {
    private Authorities() {}

    /** Those that this Java was delivered with. */
    public static List<X509Certificate> ofJava() {
        try {
            TrustManagerFactory factory =
                    TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
            @Nullable KeyStore delivered = null;
            factory.init(delivered);
            List<X509Certificate> all = new ArrayList<>();
            for (TrustManager manager : factory.getTrustManagers()) {
                if (manager instanceof X509TrustManager x509) {
                    all.addAll(List.of(x509.getAcceptedIssuers()));
                }
            }
            return List.copyOf(all);
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("this Java has no authorities", e);
        }
    }

    /** Of a PEM file; empty if a problem was reported. Blocks: not for event loops. */
    public static List<X509Certificate> read(Path file, Consumer<Problem> problems) {
        return new TlsFiles(file.toString(), "", problems).certificates("authorities", file);
    }
}
