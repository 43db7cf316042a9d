/** Findings from the topic to a closed capture: checked, tamed, bounded, counted. */
package io.ramtide.correlator.intake;
