/** Ramtide: correlator. */
package io.ramtide.correlator;
