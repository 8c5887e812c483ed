/** Starts the WAR in an embedded Tomcat, with two zones beside it. */
package dev.mfe.samples.plain;
