/** What changed between two captures in the guest's registry. */
package io.ramtide.correlator.registry;
