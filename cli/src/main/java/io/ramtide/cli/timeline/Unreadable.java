package io.ramtide.cli.timeline;

import org.apache.kafka.clients.consumer.ConsumerRecord;

/**
 * A record that is not what its topic promises.
 *
 * @param record as it is; key and value may be null
 */
public record Unreadable(ConsumerRecord<byte[], byte[]> record, String reason) {}
