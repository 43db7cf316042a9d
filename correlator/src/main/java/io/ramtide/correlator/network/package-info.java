/** From the endpoints that two captures show to what happened between them. No Kafka in here. */
package io.ramtide.correlator.network;
