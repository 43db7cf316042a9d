package io.ramtide.acquirer;

import java.nio.file.Path;

/**
 * @param keyFile the acquirer's Ed25519 key pair (PKCS#8 PEM); made, readable by its owner only, if
 *     it does not exist
 * @param verifyBlocks compare the SHA-256 of every block in the source before the copy with that of
 *     the copy after it
 */
public record AcquirerOptions(Path keyFile, KeyframePolicy keyframes, boolean verifyBlocks) {
  public static final int DEFAULT_KEYFRAME_INTERVAL = 64;

  /** Whole keyframes at an interval, blocks not verified. */
  public AcquirerOptions(Path keyFile, int keyframeInterval) {
    this(keyFile, new KeyframePolicy.Every(keyframeInterval), false);
  }
}
