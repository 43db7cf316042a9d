package io.ramtide.acquirer.pages;

/**
 * A record of ramtide.pages.
 *
 * @param sequence position in the capture, from 0
 * @param key {@code domain/capture/firstFrame}
 * @param value a Chunk in Avro single-object encoding
 */
@SuppressWarnings("ArrayRecordComponent") // Compared nowhere; half a megabyte is not copied.
public record EncodedChunk(int sequence, byte[] key, byte[] value) {}
