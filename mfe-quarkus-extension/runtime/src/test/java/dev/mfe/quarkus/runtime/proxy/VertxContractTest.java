package dev.mfe.quarkus.runtime.proxy;

import dev.mfe.contract.ContainerUnderTest;
import dev.mfe.contract.ProxyContract;

class VertxContractTest extends ProxyContract {

    @Override
    protected ContainerUnderTest newContainer() {
        return new VertxContainer();
    }
}
