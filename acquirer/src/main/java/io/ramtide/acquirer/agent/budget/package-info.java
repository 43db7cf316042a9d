/** What the agent may spend: processor time and bandwidth. */
package io.ramtide.acquirer.agent.budget;
