package dev.mfe.testkit;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import javax.net.ServerSocketFactory;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLServerSocket;

/** Makes server sockets that refuse clients without a certificate they trust. */
public final class AskingForCertificates extends ServerSocketFactory {

    private final ServerSocketFactory factory;

    /** Shows and trusts what the context says. */
    public AskingForCertificates(SSLContext context) {
        this.factory = context.getServerSocketFactory();
    }

    private static ServerSocket asking(ServerSocket socket) {
        ((SSLServerSocket) socket).setNeedClientAuth(true);
        return socket;
    }

    @Override
    public ServerSocket createServerSocket() throws IOException {
        return asking(factory.createServerSocket());
    }

    @Override
    public ServerSocket createServerSocket(int port) throws IOException {
        return asking(factory.createServerSocket(port));
    }

    @Override
    public ServerSocket createServerSocket(int port, int backlog) throws IOException {
        return asking(factory.createServerSocket(port, backlog));
    }

    @Override
    public ServerSocket createServerSocket(int port, int backlog, InetAddress address) throws IOException {
        return asking(factory.createServerSocket(port, backlog, address));
    }
}
