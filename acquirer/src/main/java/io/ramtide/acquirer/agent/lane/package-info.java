/** Threads that capture domains: a few lanes for many domains. */
package io.ramtide.acquirer.agent.lane;
