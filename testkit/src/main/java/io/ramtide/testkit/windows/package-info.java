/**
 * The simulated Windows kernel: image, pool, objects, lists. Offsets come from data files only; see
 * {@code resources/io/ramtide/testkit/windows}.
 *
 * <p>Used through {@link io.ramtide.testkit.SimulatedGuest}; no API of its own.
 */
package io.ramtide.testkit.windows;
