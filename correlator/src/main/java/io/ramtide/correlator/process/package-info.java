/** From what two captures show to what happened between them. No Kafka in here. */
package io.ramtide.correlator.process;
