/** The RAM of the QEMU process on this host, read while the guest runs. */
package io.ramtide.acquirer.live.memory;
