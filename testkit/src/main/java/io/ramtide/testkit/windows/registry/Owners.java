package io.ramtide.testkit.windows.registry;

/** Owners of keys, by their SIDs. */
final class Owners {

  static final String SYSTEM = "S-1-5-18";
  static final String ADMINISTRATORS = "S-1-5-32-544";

  private Owners() {}
}
