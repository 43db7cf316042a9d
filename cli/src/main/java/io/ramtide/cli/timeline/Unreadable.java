package io.ramtide.cli.timeline;

/**
 * A record that is not what its topic promises.
 *
 * @param key may be null
 * @param value may be null
 */
public record Unreadable(
    String topic, int partition, long offset, byte[] key, byte[] value, String reason) {}
