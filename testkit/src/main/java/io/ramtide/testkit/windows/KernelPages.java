package io.ramtide.testkit.windows;

/** How the kernel image is mapped. */
public enum KernelPages {
  /** 2 MiB pages over consecutive frames, as on machines with more than a little RAM. */
  LARGE,
  /** 4 KiB pages in scattered frames. */
  SMALL
}
