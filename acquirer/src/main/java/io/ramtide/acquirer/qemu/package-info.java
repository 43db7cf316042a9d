/** What QEMU itself says of a guest: its monitor, and where RAM is. */
package io.ramtide.acquirer.qemu;
