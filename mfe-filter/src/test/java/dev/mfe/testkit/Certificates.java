package dev.mfe.testkit;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.cert.Certificate;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManagerFactory;

/** Makes self-signed certificates with the JDK's keytool. */
public final class Certificates {

    /** Of every key store made here. */
    public static final char[] PASSWORD = "changeit".toCharArray();

    private Certificates() {}

    /**
     * A self-signed certificate in files.
     *
     * @param store a PKCS#12 store with certificate and key
     * @param certificate the certificate as PEM
     * @param privateKey the key as PEM
     */
    public record SelfSigned(Path store, Path certificate, Path privateKey) {

        /**
         * Reads the store.
         *
         * @return it
         */
        public KeyStore keyStore() throws IOException, GeneralSecurityException {
            KeyStore keys = KeyStore.getInstance("PKCS12");
            try (InputStream in = Files.newInputStream(store)) {
                keys.load(in, PASSWORD);
            }
            return keys;
        }
    }

    /**
     * Makes one.
     *
     * @param folder where
     * @param name its common name, alias, host name and file name
     * @param keyAlgorithm {@code EC} or {@code RSA}
     */
    public static SelfSigned selfSigned(Path folder, String name, String keyAlgorithm)
            throws IOException, InterruptedException, GeneralSecurityException {
        Path store = folder.resolve(name + ".p12");
        List<String> command = new ArrayList<>(List.of(
                Path.of(System.getProperty("java.home"), "bin", "keytool").toString(),
                "-genkeypair",
                "-alias",
                name,
                "-keyalg",
                keyAlgorithm,
                "-dname",
                "CN=" + name,
                "-ext",
                "san=dns:" + name,
                "-validity",
                "2",
                "-storetype",
                "PKCS12",
                "-keystore",
                store.toString(),
                "-storepass",
                new String(PASSWORD)));
        if (keyAlgorithm.equals("EC")) {
            command.addAll(List.of("-groupname", "secp256r1"));
        }
        Process keytool = new ProcessBuilder(command).redirectErrorStream(true).start();
        String output = new String(keytool.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        if (keytool.waitFor() != 0) {
            throw new IOException(output);
        }
        SelfSigned made = new SelfSigned(store, folder.resolve(name + ".crt"), folder.resolve(name + ".key"));
        KeyStore keys = made.keyStore();
        Certificate certificate = keys.getCertificate(name);
        pem(made.certificate(), "CERTIFICATE", certificate.getEncoded());
        pem(made.privateKey(), "PRIVATE KEY", keys.getKey(name, PASSWORD).getEncoded());
        return made;
    }

    /**
     * What one side of a connection knows.
     *
     * @param own by which it shows who it is
     * @param trusted the only other side that it believes
     */
    public static SSLContext context(SelfSigned own, SelfSigned trusted) throws IOException, GeneralSecurityException {
        KeyStore other = trusted.keyStore();
        KeyStore trust = KeyStore.getInstance("PKCS12");
        trust.load(null, null);
        trust.setCertificateEntry(
                "trusted", other.getCertificate(other.aliases().nextElement()));
        KeyManagerFactory keyManagers = KeyManagerFactory.getInstance(KeyManagerFactory.getDefaultAlgorithm());
        keyManagers.init(own.keyStore(), PASSWORD);
        TrustManagerFactory trustManagers = TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
        trustManagers.init(trust);
        SSLContext context = SSLContext.getInstance("TLS");
        context.init(keyManagers.getKeyManagers(), trustManagers.getTrustManagers(), null);
        return context;
    }

    private static void pem(Path file, String label, byte[] content) throws IOException {
        String text = Base64.getMimeEncoder(64, new byte[] {'\n'}).encodeToString(content);
        Files.writeString(file, "-----BEGIN " + label + "-----\n" + text + "\n-----END " + label + "-----\n");
    }
}
