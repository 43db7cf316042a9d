/** A running guest, and what every method of reading its RAM is. */
package io.ramtide.acquirer.live;
