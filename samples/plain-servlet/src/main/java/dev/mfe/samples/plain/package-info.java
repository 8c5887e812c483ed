/** A web app as it was before it had zones: it does not know that a filter stands in front of it. */
package dev.mfe.samples.plain;
