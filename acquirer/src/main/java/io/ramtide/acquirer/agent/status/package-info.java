/** What the agent tells of itself: heartbeats and metrics. */
package io.ramtide.acquirer.agent.status;
