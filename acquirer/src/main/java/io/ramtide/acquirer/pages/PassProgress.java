package io.ramtide.acquirer.pages;

/** Hears how many bytes of RAM a pass has done. */
@FunctionalInterface
public interface PassProgress {
  void at(long doneBytes, long totalBytes);
}
