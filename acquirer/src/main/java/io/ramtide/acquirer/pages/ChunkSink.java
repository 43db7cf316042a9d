package io.ramtide.acquirer.pages;

/** Takes the chunks of a pass in order. */
@FunctionalInterface
public interface ChunkSink {
  void accept(EncodedChunk chunk) throws SinkException;
}
