package io.ramtide.acquirer;

import java.util.Optional;

/**
 * What is asked of one capture.
 *
 * @param keyframe it must be complete
 * @param command id of the record on ramtide.commands that asked, for the manifest
 */
public record CaptureOrder(boolean keyframe, Optional<String> command) {
  /** As the keyframe policy has it. */
  public static final CaptureOrder USUAL = new CaptureOrder(false, Optional.empty());
}
