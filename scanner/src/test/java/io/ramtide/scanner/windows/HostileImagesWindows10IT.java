package io.ramtide.scanner.windows;

/** Whole images of build 19041. */
class HostileImagesWindows10IT extends HostileImagesContract {
  HostileImagesWindows10IT() {
    super(19041);
  }
}
