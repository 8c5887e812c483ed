package dev.mfe.proxy;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import dev.mfe.testkit.Certificates;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class PemFilesTest {

    @TempDir
    Path folder;

    @ParameterizedTest
    @ValueSource(strings = {"EC", "RSA"})
    void keysOfTheUsualKindsAreRead(String algorithm) throws Exception {
        Certificates.SelfSigned own = Certificates.selfSigned(folder, "client", algorithm);
        assertThat(PemFiles.sslContext(own.certificate(), own.certificate(), own.privateKey()))
                .isNotNull();
    }

    @Test
    void aKeyOfAnotherKindThanItsCertificateIsToldAtOnce() throws Exception {
        Certificates.SelfSigned own = Certificates.selfSigned(folder, "client", "EC");
        Certificates.SelfSigned other = Certificates.selfSigned(folder, "other", "RSA");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> PemFiles.sslContext(null, own.certificate(), other.privateKey()))
                .withMessageContaining("does not belong to the first certificate in " + own.certificate());
    }

    @Test
    void aMissingFileIsNamed() {
        Path nowhere = folder.resolve("nowhere.crt");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> PemFiles.sslContext(nowhere, null, null))
                .withMessageContaining("there is no file " + nowhere);
    }

    @Test
    void aFileWithoutCertificateIsNamed() throws Exception {
        Path empty = Files.writeString(folder.resolve("empty.crt"), "");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> PemFiles.sslContext(empty, null, null))
                .withMessageContaining("holds no certificate");
        Path broken = Files.writeString(
                folder.resolve("broken.crt"), "-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> PemFiles.sslContext(broken, null, null))
                .withMessageContaining("cannot be read");
    }

    @Test
    void aKeyOfAnOlderFormComesWithTheCommandThatConvertsIt() throws Exception {
        Certificates.SelfSigned own = Certificates.selfSigned(folder, "client", "EC");
        Path old = Files.writeString(
                folder.resolve("old.key"), "-----BEGIN RSA PRIVATE KEY-----\nAAAA\n-----END RSA PRIVATE KEY-----\n");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> PemFiles.sslContext(null, own.certificate(), old))
                .withMessageContaining("openssl pkcs8");
    }
}
