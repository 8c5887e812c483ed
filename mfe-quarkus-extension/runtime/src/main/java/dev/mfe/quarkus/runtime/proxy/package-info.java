/**
 * The site on the Vert.x layer of Quarkus, which sees every request whatever serves it: one handler that answers, proxies,
 * or passes a request on untouched. Internal, may change in any release.
 *
 * <p>Imports Vert.x, Netty and the core; nothing of Quarkus. What HTTP asks of a gateway is decided in {@code
 * dev.mfe.gateway} and {@code dev.mfe.proxy}; here bytes are moved.
 */
@NullMarked
package dev.mfe.quarkus.runtime.proxy;

import org.jspecify.annotations.NullMarked;
