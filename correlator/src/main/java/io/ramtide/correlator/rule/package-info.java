/** Checks that see anomalies in what captures show; one class each. */
package io.ramtide.correlator.rule;
