package dev.mfe.contract;

import java.util.Set;

/** A servlet container that can be started in this JVM. Started and stopped once; used by one test. */
public interface ContainerUnderTest {

    /** Its name and version, for the summary. */
    String name();

    /** What it cannot do with the settings that {@link #start} gives it. */
    Set<Capability> lacks();

    /**
     * Starts it on a loopback port of the system's choice: the local app as default servlet, the earlier filters and then
     * the filter under test, asynchronous, for every path and every kind of dispatch.
     *
     * @return the port
     */
    int start(Site site) throws Exception;

    /** Stops it; does nothing when it was not started. */
    void stop() throws Exception;
}
