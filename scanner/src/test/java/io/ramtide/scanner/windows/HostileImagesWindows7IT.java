package io.ramtide.scanner.windows;

/** Whole images of build 7601. */
class HostileImagesWindows7IT extends HostileImagesContract {
  HostileImagesWindows7IT() {
    super(7601);
  }
}
