/** Acquirers of running guests, from afar: their heartbeats, and commands to them. */
package io.ramtide.cli.agents;
