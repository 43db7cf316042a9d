package io.ramtide.scanner.windows.object;

/**
 * A thing in the pool, found by its tag.
 *
 * @param va of the object itself, behind pool header, optional headers and object header
 * @param gpa of its first byte
 * @param poolGpa of its pool header; for an allocation of whole pages, its first byte
 * @param bytes from {@code va} to the end of its block
 * @param isFree whether its block is free: the object is no longer in use, and may be overwritten
 *     in part
 * @param isVerified whether the object header's type index names the type that the tag promises;
 *     false if the types of the guest are not known, or the thing has no object header
 */
public record PoolObject(
    long va, long gpa, long poolGpa, int bytes, boolean isFree, boolean isVerified) {}
