/** The agent: captures the running guests of a host continuously, and obeys commands. */
package io.ramtide.acquirer.agent;
