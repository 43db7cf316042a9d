package io.ramtide.acquirer.pages;

import io.ramtide.acquirer.CaptureException;

/** Takes the chunks of a pass in order. */
@FunctionalInterface
public interface ChunkSink {
  void accept(EncodedChunk chunk) throws CaptureException;
}
