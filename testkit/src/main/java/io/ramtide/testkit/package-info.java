/**
 * Simulated Windows guests with their ground truth: start at {@link
 * io.ramtide.testkit.SimulatedGuest} and {@link io.ramtide.testkit.IncidentScenario}.
 */
package io.ramtide.testkit;
