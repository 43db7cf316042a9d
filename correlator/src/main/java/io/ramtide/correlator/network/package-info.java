/** What changed between two captures in the guest's network endpoints. No Kafka in here. */
package io.ramtide.correlator.network;
