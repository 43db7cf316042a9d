/** A closed capture, as every timeline gets it. */
package io.ramtide.correlator.capture;
