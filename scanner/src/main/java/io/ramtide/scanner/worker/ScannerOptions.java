package io.ramtide.scanner.worker;

import java.nio.file.Path;

/**
 * @param instance name of this worker, unique in its group and the same after a restart
 * @param cacheFolder where the rebuilt images live; used by one worker at a time, may be deleted
 *     when none runs
 */
public record ScannerOptions(String instance, Path cacheFolder) {}
