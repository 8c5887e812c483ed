/** One app with everything that answers requests in Quarkus. */
package dev.mfe.quarkus.it;
