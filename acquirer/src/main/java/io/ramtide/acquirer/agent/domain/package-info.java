/** A captured guest: its schedule, what it is asked, and how it goes. */
package io.ramtide.acquirer.agent.domain;
