/**
 * What a client and a zone may expect of the proxy, as one suite that every servlet container runs with real sockets.
 *
 * <p>A container is a {@link dev.mfe.contract.ContainerUnderTest}; its test class extends {@link
 * dev.mfe.contract.ProxyContract}. Where a container cannot keep a rule, the test asserts what happens instead and the
 * summary says so.
 */
@NullMarked
package dev.mfe.contract;

import org.jspecify.annotations.NullMarked;
