package io.ramtide.correlator.rule;

/**
 * A technique of MITRE ATT&amp;CK (Enterprise).
 *
 * @param id e.g. T1014
 */
public record Technique(String id, String name) {}
