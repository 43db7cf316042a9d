/** What Linux tells of files and of other processes' memory. Addresses are host-virtual. */
package io.ramtide.acquirer.host;
