/** Which methods a guest can be read by, and the one that is taken. */
package io.ramtide.acquirer.live.choice;
