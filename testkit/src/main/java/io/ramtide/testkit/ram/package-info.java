/** Guest RAM: the frames of a simulated machine, immutable snapshots of them, and dump files. */
package io.ramtide.testkit.ram;
