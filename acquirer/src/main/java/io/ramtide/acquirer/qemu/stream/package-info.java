/** RAM out of QEMU's migration stream, as snapshots and save files hold it. */
package io.ramtide.acquirer.qemu.stream;
