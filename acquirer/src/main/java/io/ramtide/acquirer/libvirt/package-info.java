/** Running guests as libvirt knows them: the connection, its events, its errors. */
package io.ramtide.acquirer.libvirt;
