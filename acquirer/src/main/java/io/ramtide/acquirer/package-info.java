/** Reads guest RAM from outside the guest and writes it to Kafka as captures. */
package io.ramtide.acquirer;
