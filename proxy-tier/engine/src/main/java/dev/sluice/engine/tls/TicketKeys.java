package dev.sluice.engine.tls;

import io.netty.handler.ssl.OpenSslSessionTicketKey;

import org.jspecify.annotations.Nullable;

import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Base64;
import java.util.List;

import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/**
 * What session tickets are made of, from a file that all proxies of a pool have: a secret in base64
 * on each line. The first one makes tickets, all of them read tickets, so that rotation is a new
 * first line and, a ticket's life later, a last line less.
 *
 * <p>No secret is used as it is: each policy gets keys of its own from it, or a ticket made where
 * clients prove nothing could be shown where they must.
 */
final class TicketKeys {
    private static final int MIN_SECRET_BYTES = 32;
    private static final int MAX_SECRETS = 16;

    private final List<byte[]> secrets;

    private TicketKeys(List<byte[]> secrets) {
        this.secrets = secrets;
    }

    /** Null if a problem was reported. */
    static @Nullable TicketKeys read(TlsFiles files, Path file) {
        byte[] text = files.readPrivate("tickets", file);
        if (text == null) {
            return null;
        }
        List<byte[]> secrets = new ArrayList<>();
        for (String line : new String(text, StandardCharsets.ISO_8859_1).split("\\R", -1)) {
            String secret = line.strip();
            if (!secret.isEmpty() && !secret.startsWith("#")) {
                secrets.add(decode(secret));
            }
        }
        boolean wrong = secrets.stream().anyMatch(secret -> secret.length < MIN_SECRET_BYTES);
        if (secrets.isEmpty() || secrets.size() > MAX_SECRETS || wrong) {
            files.report(
                    "tickets",
                    file + " must have 1 to 16 lines, each at least 32 bytes in base64",
                    "openssl rand -base64 48 > " + file);
            return null;
        }
        return new TicketKeys(secrets);
    }

    private static byte[] decode(String base64) {
        try {
            return Base64.getDecoder().decode(base64);
        } catch (IllegalArgumentException ignored) {
            return new byte[0];
        }
    }

    OpenSslSessionTicketKey[] of(Policy policy) throws GeneralSecurityException {
        OpenSslSessionTicketKey[] keys = new OpenSslSessionTicketKey[secrets.size()];
        for (int i = 0; i < keys.length; i++) {
            keys[i] = key(secrets.get(i), policy.digest());
        }
        return keys;
    }

    private static OpenSslSessionTicketKey key(byte[] secret, byte[] policy)
            throws GeneralSecurityException {
        byte[] name = derive(secret, "ticket name", policy);
        byte[] keys = derive(secret, "ticket keys", policy);
        int half = OpenSslSessionTicketKey.HMAC_KEY_SIZE;
        return new OpenSslSessionTicketKey(
                Arrays.copyOf(name, OpenSslSessionTicketKey.NAME_SIZE),
                Arrays.copyOf(keys, half),
                Arrays.copyOfRange(keys, half, half + OpenSslSessionTicketKey.AES_KEY_SIZE));
    }

    /** 32 bytes. */
    private static byte[] derive(byte[] secret, String purpose, byte[] policy)
            throws GeneralSecurityException {
        Mac mac = Mac.getInstance("HmacSHA256");
        mac.init(new SecretKeySpec(secret, "HmacSHA256"));
        mac.update(purpose.getBytes(StandardCharsets.US_ASCII));
        mac.update((byte) 0);
        return mac.doFinal(policy);
    }
}
