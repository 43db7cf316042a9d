package io.ramtide.scanner.windows.hive;

import io.ramtide.scanner.symbols.StructType;
import io.ramtide.scanner.windows.guest.Guest;
import io.ramtide.scanner.windows.guest.GuestText;
import io.ramtide.schemas.HiveFinding;
import io.ramtide.schemas.View;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.TreeMap;
import java.util.stream.Stream;

/** A registry hive in memory. */
public final class Hive {
  private static final String ROOT = "\\REGISTRY";
  private static final int STORAGES = 2;

  private final HiveStruct struct;
  private final List<View> seenBy;
  private final MappedCells cells;
  private final Optional<BaseBlock> base;
  private final GuestText rootPath;
  private final GuestText userName;
  private final GuestText fullPath;

  /**
   * @param most characters of each of its names
   */
  Hive(HiveStruct struct, Collection<View> seenBy, MappedCells cells, int most) {
    this.struct = struct;
    this.seenBy = seenBy.stream().sorted().toList();
    this.cells = cells;
    this.base = BaseBlock.read(struct.guest(), struct.baseBlock());
    this.rootPath = text("HiveRootPath", most);
    this.userName = text("FileUserName", most);
    this.fullPath = text("FileFullPath", most);
  }

  private GuestText text(String field, int most) {
    return GuestText.unicodeString(struct.guest().space(), struct.address(field), most);
  }

  /** Of all its names. */
  int characters() {
    return Stream.of(rootPath, userName, fullPath)
        .map(GuestText::value)
        .filter(Objects::nonNull)
        .mapToInt(String::length)
        .sum();
  }

  /** VA of the CMHIVE. */
  public long objectVa() {
    return struct.va();
  }

  /** GPA of the CMHIVE; empty if its first page cannot be read. */
  public OptionalLong objectGpa() {
    return struct.guest().space().gpa(struct.va());
  }

  /**
   * Path of its root key, e.g. {@code \REGISTRY\MACHINE\SYSTEM}; where that cannot be read, one
   * that no other hive has, and that stays the same as long as the hive is loaded.
   */
  public String path() {
    if (isKnown(rootPath)) {
      return rootPath.value();
    }
    return isMaster() ? ROOT : "%s\\?\\%016x".formatted(ROOT, struct.va());
  }

  /** The hive of \REGISTRY itself has neither path nor file; its root key has a name. */
  private boolean isMaster() {
    if (!isEmpty(rootPath) || !isEmpty(userName) || !isEmpty(fullPath)) {
      return false;
    }
    StructType node = struct.guest().type("CM_KEY_NODE");
    byte[] name = ROOT.substring(1).getBytes(StandardCharsets.US_ASCII);
    return cells.cell(rootCell()) instanceof Cell.Present root
        && root.bytes().limit() >= node.offset("Name") + name.length
        && root.bytes().getShort(node.offset("NameLength")) == name.length
        && root.bytes().slice(node.offset("Name"), name.length).equals(ByteBuffer.wrap(name));
  }

  private static boolean isKnown(GuestText text) {
    return text.status() == null && !text.value().isEmpty();
  }

  private static boolean isEmpty(GuestText text) {
    return text.status() == null && text.value().isEmpty();
  }

  /** Cell of its root key: as the base block says, else where Windows puts it. */
  public int rootCell() {
    return base.map(block -> (int) block.u32("RootCell")).orElse(HiveFacts.ALL.rootCell());
  }

  public HiveCells cells() {
    return cells;
  }

  /** hiveList, poolScan, headerScan. */
  public List<View> seenBy() {
    return seenBy;
  }

  /** The 4,096 bytes of its base block, little-endian, if they can be read. */
  public Optional<ByteBuffer> baseBlock() {
    return base.map(
        block -> block.bytes().asReadOnlyBuffer().rewind().order(ByteOrder.LITTLE_ENDIAN));
  }

  /** The guest that has it loaded. */
  public Guest guest() {
    return struct.guest();
  }

  /** What is to be told of it; only {@code keysSince} is left to whoever reads its keys. */
  public HiveFinding.Builder finding() {
    GuestText file = isEmpty(userName) ? fullPath : userName;
    boolean isUnknown = !isKnown(rootPath) && !isMaster();
    OptionalLong gpa = objectGpa();
    Map<String, Integer> missing = missing();
    return HiveFinding.newBuilder()
        .setObjectVa(objectVa())
        .setObjectGpa(gpa.isPresent() ? gpa.getAsLong() : null)
        .setPath(isUnknown ? rootPath.value() : path())
        .setPathStatus(isUnknown ? why(rootPath) : null)
        .setFileName(isEmpty(file) ? null : file.value())
        .setFileNameStatus(file.status())
        .setFileFullPath(isEmpty(fullPath) ? null : fullPath.value())
        .setRootCell(base.map(block -> block.u32("RootCell")).orElse(null))
        .setStableLength(length(HiveCells.STABLE))
        .setVolatileLength(length(HiveCells.VOLATILE))
        .setSequence1(base.map(block -> block.u32("Sequence1")).orElse(null))
        .setSequence2(base.map(block -> block.u32("Sequence2")).orElse(null))
        .setWrittenTime(
            base.map(block -> block.u64("TimeStamp")).filter(time -> time != 0).orElse(null))
        .setMissingBlocks(missing.values().stream().mapToInt(Integer::intValue).sum())
        .setMissingWhy(missing.isEmpty() ? null : reasons(missing))
        .setSeenBy(new ArrayList<>(seenBy));
  }

  private static String why(GuestText text) {
    return text.status() == null ? "it has none" : text.status();
  }

  private Long length(int storage) {
    OptionalLong length = struct.storage(storage).u32("Length");
    return length.isPresent() ? length.getAsLong() : null;
  }

  private Map<String, Integer> missing() {
    Map<String, Integer> missing = new TreeMap<>();
    for (int storage = 0; storage < STORAGES; storage++) {
      for (int block = 0; block < cells.blocks(storage); block++) {
        cells
            .gap(storage, block)
            .filter(why -> !why.equals(MapEntry.FREE_BIN))
            .ifPresent(why -> missing.merge(why, 1, Integer::sum));
      }
    }
    return missing;
  }

  private static String reasons(Map<String, Integer> missing) {
    return String.join(
        ", ",
        missing.entrySet().stream().map(why -> why.getValue() + "x " + why.getKey()).toList());
  }
}
