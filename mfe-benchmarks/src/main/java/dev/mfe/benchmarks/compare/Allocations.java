package dev.mfe.benchmarks.compare;

import com.sun.tools.attach.AttachNotSupportedException;
import com.sun.tools.attach.VirtualMachine;
import java.io.IOException;
import java.util.stream.LongStream;
import javax.management.AttributeNotFoundException;
import javax.management.JMException;
import javax.management.MBeanServerConnection;
import javax.management.ObjectName;
import javax.management.remote.JMXConnector;
import javax.management.remote.JMXConnectorFactory;
import javax.management.remote.JMXServiceURL;

/** What a JVM has allocated, asked from outside, so that no contestant has to be prepared for it. */
final class Allocations implements AutoCloseable {

    private static final String THREADING = "java.lang:type=Threading";

    private final JMXConnector connector;

    private Allocations(JMXConnector connector) {
        this.connector = connector;
    }

    @SuppressWarnings("BanJNDI") // the other end is a process we started ourselves
    static Allocations of(long pid) throws IOException {
        try {
            VirtualMachine machine = VirtualMachine.attach(Long.toString(pid));
            try {
                return new Allocations(
                        JMXConnectorFactory.connect(new JMXServiceURL(machine.startLocalManagementAgent())));
            } finally {
                machine.detach();
            }
        } catch (AttachNotSupportedException e) {
            throw new IOException("The JVM " + pid + " cannot be asked what it allocates", e);
        }
    }

    /** Since Java 21 of all threads there ever were, before of those there are. */
    long bytes() throws IOException {
        MBeanServerConnection server = connector.getMBeanServerConnection();
        try {
            ObjectName threading = new ObjectName(THREADING);
            try {
                return (long) server.getAttribute(threading, "TotalThreadAllocatedBytes");
            } catch (AttributeNotFoundException e) {
                Object ids = server.getAttribute(threading, "AllThreadIds");
                long[] bytes = (long[]) server.invoke(
                        threading, "getThreadAllocatedBytes", new Object[] {ids}, new String[] {long[].class.getName()
                        });
                return LongStream.of(bytes).filter(n -> n > 0).sum();
            }
        } catch (JMException e) {
            throw new IOException("The JVM does not tell what it allocates", e);
        }
    }

    @Override
    public void close() throws IOException {
        connector.close();
    }
}
