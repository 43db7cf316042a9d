/** The connection to libvirt: native calls, their errors and time limits. */
package io.ramtide.acquirer.libvirt.connection;
