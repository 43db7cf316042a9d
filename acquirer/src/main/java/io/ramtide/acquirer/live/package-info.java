/** The RAM of running guests: one class a method of reading it. */
package io.ramtide.acquirer.live;
