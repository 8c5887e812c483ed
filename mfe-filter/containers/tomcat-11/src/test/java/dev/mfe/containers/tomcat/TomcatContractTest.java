package dev.mfe.containers.tomcat;

import dev.mfe.contract.ContainerUnderTest;
import dev.mfe.contract.ProxyContract;

class TomcatContractTest extends ProxyContract {

    @Override
    protected ContainerUnderTest newContainer() {
        return new TomcatContainer(false);
    }
}
