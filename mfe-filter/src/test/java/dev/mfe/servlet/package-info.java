/** Tests of the filter inside a real Tomcat, over real sockets. */
@NullMarked
package dev.mfe.servlet;

import org.jspecify.annotations.NullMarked;
