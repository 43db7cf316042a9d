package io.ramtide.correlator.registry;

import io.ramtide.schemas.RegistryKeyFinding;
import io.ramtide.schemas.RegistryKeyGone;

/** The registry keys of captures in progress. */
public final class OpenKeys {
  /** Takes in a key; bytes kept. */
  public long add(String domain, RegistryKeyFinding key) {
    return 0;
  }

  /** Takes in a key that is gone; bytes kept. */
  public long add(String domain, RegistryKeyGone gone) {
    return 0;
  }

  public void clear(String domain) {}
}
