package dev.mfe.containers.jetty;

import dev.mfe.contract.ContainerUnderTest;
import dev.mfe.contract.ProxyContract;

class JettyContractTest extends ProxyContract {

    @Override
    protected ContainerUnderTest newContainer() {
        return new JettyContainer();
    }
}
