/** Test suites that others wrote, run with the filter in between. What the filter changes shows as a difference. */
package dev.mfe.interop;
