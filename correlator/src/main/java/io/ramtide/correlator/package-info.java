/** Kafka Streams application: findings become timelines, anomalies and SIEM events. */
package io.ramtide.correlator;
