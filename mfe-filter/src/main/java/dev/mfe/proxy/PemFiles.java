package dev.mfe.proxy;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.KeyStore;
import java.security.PrivateKey;
import java.security.cert.Certificate;
import java.security.cert.CertificateException;
import java.security.cert.CertificateFactory;
import java.security.spec.InvalidKeySpecException;
import java.security.spec.PKCS8EncodedKeySpec;
import java.util.Base64;
import java.util.Collection;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import javax.net.ssl.KeyManager;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManager;
import javax.net.ssl.TrustManagerFactory;
import org.jspecify.annotations.Nullable;

/**
 * Certificates and keys as PEM text (RFC 7468), the form in which certificate authorities and Kubernetes secrets hand them
 * out. Every problem is an {@link IllegalArgumentException} that names the file and what to do.
 *
 * @since 0.1
 */
public final class PemFiles {

    private static final Pattern PRIVATE_KEY =
            Pattern.compile("-----BEGIN PRIVATE KEY-----([A-Za-z0-9+/=\\s]+)-----END PRIVATE KEY-----");
    private static final List<String> KEY_ALGORITHMS = List.of("EC", "RSA", "Ed25519", "Ed448");
    /** Far more than any chain of certificates needs. */
    private static final long MAX_BYTES = 1 << 20;

    private PemFiles() {}

    /**
     * Makes what TLS connections to an origin need.
     *
     * @param trusted certificates to trust, instead of those of the JVM; null for those
     * @param certificate our own, with its chain; null for none
     * @param privateKey the unencrypted PKCS#8 key that belongs to it; null exactly where the certificate is
     * @return a context of its own
     * @throws IllegalArgumentException when a file cannot be read or does not hold what it should
     */
    public static SSLContext sslContext(@Nullable Path trusted, @Nullable Path certificate, @Nullable Path privateKey) {
        try {
            SSLContext context = SSLContext.getInstance("TLS");
            context.init(
                    certificate == null || privateKey == null ? null : keyManagers(certificate, privateKey),
                    trusted == null ? null : trustManagers(trusted),
                    null);
            return context;
        } catch (GeneralSecurityException e) {
            throw new IllegalArgumentException("TLS cannot be set up: " + e.getMessage() + "; check the files", e);
        }
    }

    private static KeyManager[] keyManagers(Path certificate, Path privateKey) throws GeneralSecurityException {
        Certificate[] chain = certificates(certificate).toArray(Certificate[]::new);
        PrivateKey key = privateKey(privateKey);
        if (!key.getAlgorithm().equals(chain[0].getPublicKey().getAlgorithm())) {
            throw new IllegalArgumentException("the key in " + privateKey + " (" + key.getAlgorithm()
                    + ") does not belong to the first certificate in " + certificate + " ("
                    + chain[0].getPublicKey().getAlgorithm() + "); put your own certificate first");
        }
        KeyStore keys = emptyStore();
        keys.setKeyEntry("own", key, new char[0], chain);
        KeyManagerFactory factory = KeyManagerFactory.getInstance(KeyManagerFactory.getDefaultAlgorithm());
        factory.init(keys, new char[0]);
        return factory.getKeyManagers();
    }

    private static TrustManager[] trustManagers(Path trusted) throws GeneralSecurityException {
        KeyStore trust = emptyStore();
        int number = 0;
        for (Certificate certificate : certificates(trusted)) {
            trust.setCertificateEntry("trusted-" + number++, certificate);
        }
        TrustManagerFactory factory = TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
        factory.init(trust);
        return factory.getTrustManagers();
    }

    private static KeyStore emptyStore() throws GeneralSecurityException {
        KeyStore store = KeyStore.getInstance("PKCS12");
        try {
            store.load(null, null);
        } catch (IOException e) {
            throw new IllegalStateException("Nothing is read here", e);
        }
        return store;
    }

    private static Collection<? extends Certificate> certificates(Path file) {
        byte[] text = read(file).getBytes(StandardCharsets.ISO_8859_1);
        try {
            Collection<? extends Certificate> found =
                    CertificateFactory.getInstance("X.509").generateCertificates(new ByteArrayInputStream(text));
            if (!found.isEmpty()) {
                return found;
            }
        } catch (CertificateException e) {
            throw new IllegalArgumentException(
                    file + " holds a certificate that cannot be read: " + e.getMessage()
                            + "; it must be PEM, -----BEGIN CERTIFICATE-----",
                    e);
        }
        throw new IllegalArgumentException(file + " holds no certificate; it must be PEM, -----BEGIN CERTIFICATE-----");
    }

    private static PrivateKey privateKey(Path file) throws GeneralSecurityException {
        String text = read(file);
        Matcher matcher = PRIVATE_KEY.matcher(text);
        if (!matcher.find()) {
            throw new IllegalArgumentException(file + " holds no unencrypted PKCS#8 key, -----BEGIN PRIVATE KEY-----;"
                    + " make one with: openssl pkcs8 -topk8 -nocrypt -in old.key -out new.key");
        }
        PKCS8EncodedKeySpec encoded;
        try {
            encoded = new PKCS8EncodedKeySpec(
                    Base64.getMimeDecoder().decode(matcher.group(1).strip()));
        } catch (IllegalArgumentException e) {
            throw new IllegalArgumentException(file + " holds a key that is no Base64; copy it again", e);
        }
        for (String algorithm : KEY_ALGORITHMS) {
            try {
                return KeyFactory.getInstance(algorithm).generatePrivate(encoded);
            } catch (InvalidKeySpecException e) {
                // One of another kind.
            }
        }
        throw new IllegalArgumentException(file + " holds a key that is none of " + KEY_ALGORITHMS + "; make another");
    }

    private static String read(Path file) {
        try {
            if (Files.size(file) > MAX_BYTES) {
                throw new IllegalArgumentException(file + " is larger than 1 MiB; is it the right file?");
            }
            return Files.readString(file, StandardCharsets.ISO_8859_1);
        } catch (NoSuchFileException e) {
            throw new IllegalArgumentException(
                    "there is no file " + file.toAbsolutePath()
                            + "; check the path, which starts at the working directory",
                    e);
        } catch (IOException e) {
            throw new IllegalArgumentException(file + " cannot be read: " + e + "; check its permissions", e);
        }
    }
}
