package io.ramtide.acquirer.pages;

/** Frames by state, and chunks. */
public record PassCounts(long data, long zero, long unreadable, long unchanged, int chunks) {}
