/** What others ask of the agent on ramtide.commands, and what became of it. */
package io.ramtide.acquirer.agent.command;
