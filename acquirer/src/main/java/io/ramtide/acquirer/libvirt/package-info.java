/** Running guests as libvirt knows them, and what happens to them. */
package io.ramtide.acquirer.libvirt;
