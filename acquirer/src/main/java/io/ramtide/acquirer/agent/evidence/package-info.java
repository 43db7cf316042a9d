/** Captures on hold: copies of their records on ramtide.evidence, beyond retention. */
package io.ramtide.acquirer.agent.evidence;
