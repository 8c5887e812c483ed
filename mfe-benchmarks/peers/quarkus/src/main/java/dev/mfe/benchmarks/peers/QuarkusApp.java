package dev.mfe.benchmarks.peers;

import io.quarkus.runtime.QuarkusApplication;
import io.quarkus.runtime.annotations.QuarkusMain;
import java.io.IOException;
import org.eclipse.microprofile.config.ConfigProvider;

/** A Quarkus app with the extension, whose zone is told by {@code quarkus.mfe.zones.docs.url}. */
@QuarkusMain
public final class QuarkusApp implements QuarkusApplication {

    /** Serves until standard input ends. */
    @Override
    public int run(String... arguments) throws IOException {
        System.out.println("port " + ConfigProvider.getConfig().getValue("quarkus.http.port", int.class));
        while (System.in.read() >= 0) {}
        return 0;
    }
}
