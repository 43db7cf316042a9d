package io.ramtide.acquirer.live;

import java.nio.file.Path;
import java.time.Duration;

/**
 * @param folder for what a method writes meanwhile: sockets, snapshot files, and the note of whom
 *     it paused. The hypervisor must be able to write there for snapshot, dump and pmemsave.
 * @param maxPause after which a paused guest runs on and the capture is given up
 */
public record MethodOptions(Path folder, Duration maxPause) {
  public static final Duration DEFAULT_MAX_PAUSE = Duration.ofSeconds(10);
}
