/** What captures of a running QEMU guest cost the guest and the host. */
package io.ramtide.bench.cost;
