package io.ramtide.acquirer.pages;

/**
 * How the copying went.
 *
 * @param reread frames that changed while they were copied and were copied again
 * @param torn frames that changed under every copy
 * @param blocks blocks whose SHA-256 was compared, 0 unless blocks are verified
 * @param differing of them, those that differed in the last comparison
 */
public record CopyCounts(long reread, long torn, long blocks, long differing) {}
