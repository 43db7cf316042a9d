/** The RAM of one moment: the guest paused, or QEMU's snapshot of it. */
package io.ramtide.acquirer.live.moment;
