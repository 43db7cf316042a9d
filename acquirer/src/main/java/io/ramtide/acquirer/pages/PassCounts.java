package io.ramtide.acquirer.pages;

/**
 * What a pass found: frames by state, and chunks.
 *
 * @param refreshed frames that were told although they may not have changed
 */
public record PassCounts(
    long data,
    long zero,
    long unreadable,
    long unchanged,
    int chunks,
    long refreshed,
    CopyCounts copies) {}
