package io.ramtide.acquirer;

import java.nio.file.Path;

/**
 * @param keyFile the acquirer's Ed25519 key pair (PKCS#8 PEM); made, readable by its owner only, if
 *     it does not exist
 * @param keyframeInterval every how many captures of a domain a keyframe is written, at least 1
 */
public record AcquirerOptions(Path keyFile, int keyframeInterval) {
  public static final int DEFAULT_KEYFRAME_INTERVAL = 64;
}
