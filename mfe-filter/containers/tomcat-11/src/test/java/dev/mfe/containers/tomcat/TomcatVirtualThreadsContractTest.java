package dev.mfe.containers.tomcat;

import dev.mfe.contract.ContainerUnderTest;
import dev.mfe.contract.ProxyContract;
import org.apache.catalina.util.ServerInfo;
import org.junit.jupiter.api.condition.EnabledForJreRange;
import org.junit.jupiter.api.condition.EnabledIf;
import org.junit.jupiter.api.condition.JRE;

/** Once more with a virtual thread for each request; one version of Tomcat is enough for that. */
@EnabledForJreRange(min = JRE.JAVA_21)
@EnabledIf("newestTomcat")
class TomcatVirtualThreadsContractTest extends ProxyContract {

    static boolean newestTomcat() {
        return ServerInfo.getServerNumber().startsWith("11.");
    }

    @Override
    protected ContainerUnderTest newContainer() {
        return new TomcatContainer(true);
    }
}
