package io.ramtide.testkit.lab;

/** What QEMU allocates a guest's RAM from. */
public enum Backing {
  /** Private memory of the QEMU process. */
  ANONYMOUS,
  /** Memory files of the QEMU process, shared. */
  MEMFD,
  /** Files in the lab's folder, shared. */
  FILE
}
