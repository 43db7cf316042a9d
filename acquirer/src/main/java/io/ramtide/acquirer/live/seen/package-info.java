/** The RAM as QEMU hands it out on demand, through libvirt. */
package io.ramtide.acquirer.live.seen;
