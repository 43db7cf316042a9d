package io.ramtide.correlator;

import java.nio.file.Path;

/**
 * @param instance name of this instance, unique in its group and the same after a restart
 * @param stateFolder where Kafka Streams keeps its stores; used by one instance at a time
 */
public record CorrelatorOptions(String instance, Path stateFolder) {}
