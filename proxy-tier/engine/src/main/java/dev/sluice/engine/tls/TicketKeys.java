package dev.sluice.engine.tls;

import io.netty.handler.ssl.OpenSslSessionTicketKey;

import org.jspecify.annotations.Nullable;

import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.util.Arrays;

/**
 * What session tickets are made of: the first of the {@link Secrets} makes tickets, all of them
 * read tickets.
 *
 * <p>No secret is used as it is: each policy gets keys of its own from it, or a ticket made where
 * clients prove nothing could be shown where they must.
 */
final class TicketKeys {
    private final Secrets secrets;

    private TicketKeys(Secrets secrets) {
        this.secrets = secrets;
    }

    /** Null if a problem was reported. */
    static @Nullable TicketKeys read(TlsFiles files, Path file) {
        Secrets secrets = Secrets.read(files, "tickets", file);
        return secrets == null ? null : new TicketKeys(secrets);
    }

    OpenSslSessionTicketKey[] of(Policy policy) throws GeneralSecurityException {
        OpenSslSessionTicketKey[] keys = new OpenSslSessionTicketKey[secrets.size()];
        for (int i = 0; i < keys.length; i++) {
            keys[i] = key(i, policy.digest());
        }
        return keys;
    }

    private OpenSslSessionTicketKey key(int index, byte[] policy) {
        byte[] name = secrets.derive(index, "ticket name", policy);
        byte[] keys = secrets.derive(index, "ticket keys", policy);
        int half = OpenSslSessionTicketKey.HMAC_KEY_SIZE;
        return new OpenSslSessionTicketKey(
                Arrays.copyOf(name, OpenSslSessionTicketKey.NAME_SIZE),
                Arrays.copyOf(keys, half),
                Arrays.copyOfRange(keys, half, half + OpenSslSessionTicketKey.AES_KEY_SIZE));
    }
}
