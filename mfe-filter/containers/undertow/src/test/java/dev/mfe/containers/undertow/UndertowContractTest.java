package dev.mfe.containers.undertow;

import dev.mfe.contract.ContainerUnderTest;
import dev.mfe.contract.ProxyContract;

class UndertowContractTest extends ProxyContract {

    @Override
    protected ContainerUnderTest newContainer() {
        return new UndertowContainer(false);
    }
}
