package io.ramtide.testkit.truth;

import java.util.List;

/**
 * A loaded hive. The places where other hives are mounted (key nodes of the master hive that say
 * KEY_HIVE_EXIT) are not among the keys; the key above counts them.
 *
 * @param path path of its root key
 * @param fileName file it was loaded from, as it was named then; null without a file
 * @param fileFullPath the same file with its device; null without
 * @param objectVa VA of its CMHIVE
 * @param objectGpa GPA of its CMHIVE
 * @param rootCell cell index of its root key
 * @param stableLength bytes of its stable storage
 * @param volatileLength bytes of its volatile storage
 * @param sequence1 of its base block
 * @param sequence2 of its base block
 * @param writtenTime FILETIME of the last write of its file; 0 without a file
 * @param onList whether it is on the hive list
 * @param blocks all blocks of both storages
 * @param deletedKeys names of deleted keys whose nodes still lie in free cells
 * @param keys all keys, each before those below it
 */
public record HiveTruth(
    String path,
    String fileName,
    String fileFullPath,
    long objectVa,
    long objectGpa,
    long rootCell,
    long stableLength,
    long volatileLength,
    int sequence1,
    int sequence2,
    long writtenTime,
    boolean onList,
    List<HiveBlockTruth> blocks,
    List<String> deletedKeys,
    List<KeyTruth> keys) {

  public HiveTruth {
    blocks = List.copyOf(blocks);
    deletedKeys = List.copyOf(deletedKeys);
    keys = List.copyOf(keys);
  }
}
