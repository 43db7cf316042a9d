/**
 * A laboratory of real virtual machines: a private libvirtd with QEMU guests (software emulation)
 * that run a tiny program, and what their RAM really holds. It knows nothing of the acquirer.
 */
package io.ramtide.testkit.lab;
