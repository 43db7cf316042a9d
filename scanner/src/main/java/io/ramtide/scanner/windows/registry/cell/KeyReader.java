package io.ramtide.scanner.windows.registry.cell;

import io.ramtide.scanner.symbols.Layout;
import io.ramtide.scanner.windows.guest.GuestText;
import io.ramtide.scanner.windows.hive.Cell;
import io.ramtide.scanner.windows.hive.HiveCells;
import io.ramtide.scanner.windows.registry.cell.Budget.Reading;
import io.ramtide.schemas.RegistryKeyFinding;
import io.ramtide.schemas.RegistryValue;
import java.util.List;

/** Reads the keys of one hive. Not thread-safe. */
public final class KeyReader {
  static final int[] NO_CELLS = {};

  private static final long UNSIGNED = 0xffff_ffffL;

  private final CellTypes types;
  private final CellReader reader;
  private final Budget budget;
  private final SubkeyLists lists;
  private final Values values;
  private final Owners owners;

  /** For owners, so that their cells are not among a key's. */
  private final CellReader apart;

  private Cell found;

  /**
   * @param minor of the hive's version: 1.3 has no big data
   * @param owners those that are known, and will be
   */
  public KeyReader(Layout layout, HiveCells cells, int minor, Budget budget, Owners owners) {
    this.types = new CellTypes(layout);
    this.budget = budget;
    this.reader = new CellReader(cells, budget);
    this.apart = new CellReader(cells, budget);
    this.lists = new SubkeyLists(reader, types, budget);
    this.values = new Values(reader, types, budget, minor);
    this.owners = owners;
  }

  /** How deep keys can be, by Windows' own rule. */
  public static int levels() {
    return CellFacts.ALL.levels;
  }

  public Budget budget() {
    return budget;
  }

  /** Begins with a key; null if there is none in the cell: see {@link #why}. */
  public KeyNode key(int cell) {
    reader.begin();
    found = reader.read(Reading.HEADS, cell, types.name);
    return KeyNode.of(reader, types, found, cell);
  }

  /** Looks at a key while another one is read; null if there is none in the cell. */
  public KeyNode peek(int cell) {
    found = reader.peek(cell, types.name);
    return KeyNode.of(reader, types, found, cell);
  }

  /** Says that a key also depends on what begins in a cell. */
  public void depend(int cell) {
    reader.touch(CellReader.block(cell));
  }

  /** Whether the key that was begun with depends on more blocks than are kept. */
  public boolean isOverflown() {
    return reader.isOverflown();
  }

  /** Why there is no key in the cell that was read last. */
  public String why() {
    return KeyNode.why(found).why();
  }

  /** Whether the cell that was read last could not be read, so that there may be a key. */
  public boolean isUnreadable() {
    return found instanceof Cell.Missing && !found.equals(CellReader.FREE);
  }

  /** Cells of a key's subkeys, as its lists have them. */
  public int[] subkeys(KeyNode node, Gaps gaps) {
    return node.leadsToHive() ? NO_CELLS : lists.of(node, gaps);
  }

  /** Blocks that hold the key that was begun with; see {@link CellReader#block}. */
  public int[] blocks() {
    return reader.blocks();
  }

  /** Block that a cell begins in. */
  public static int block(int cell) {
    return CellReader.block(cell);
  }

  Owners.Owner owner(int security, Owners of) {
    return of.read(security, apart, types);
  }

  /**
   * The finding of a key.
   *
   * @param hive path of its root
   * @param key path below it
   * @param keyStatus what is wrong with its path, or null
   * @param subkeysStatus null: none is missing
   */
  public Told tell(
      KeyNode node,
      String hive,
      long hiveVa,
      String key,
      String keyStatus,
      String subkeysStatus,
      boolean isWatched) {
    Gaps gaps = new Gaps();
    long count = node.isPredefinedHandle() ? 0 : node.values();
    List<RegistryValue> list = count == 0 ? List.of() : values.of(node, gaps);
    String valuesStatus =
        node.isPredefinedHandle()
            ? "none of its own: it stands for the predefined key 0x%x".formatted(node.values())
            : gaps.status(count);
    GuestText keyClass = keyClass(node);
    GuestText owner = owner(node);
    RegistryKeyFinding finding =
        new RegistryKeyFinding(
            "",
            0L,
            hive,
            hiveVa,
            key,
            keyStatus,
            node.lastWriteTime(),
            (int) Math.min(node.subkeys(), Integer.MAX_VALUE),
            (int) Math.min(count, Integer.MAX_VALUE),
            node.isVolatile(),
            subkeysStatus,
            valuesStatus,
            keyClass.value(),
            keyClass.status(),
            owner.value(),
            owner.status(),
            node.isSymbolicLink() ? Values.linkTarget(list) : null,
            isWatched,
            node.cell() & UNSIGNED,
            node.gpa(),
            list);
    String dataWhy = count == 0 ? null : values.dataWhy();
    return new Told(finding, first(gaps.reason(), dataWhy, keyClass.status(), owner.status()));
  }

  /**
   * A finding.
   *
   * @param why something of its values, class or owner could not be read; null: all could
   */
  public record Told(RegistryKeyFinding finding, String why) {}

  private static String first(String... reasons) {
    for (String reason : reasons) {
      if (reason != null) {
        return reason;
      }
    }
    return null;
  }

  private GuestText keyClass(KeyNode node) {
    int length = node.classLength();
    if (length == 0 || node.classCell() == CellReader.NONE) {
      return GuestText.NONE;
    }
    Cell read = reader.read(Reading.DATA, node.classCell(), 1);
    if (read instanceof Cell.Present present) {
      String text = reader.name(present.bytes(), 0, length, false);
      boolean isCut = length > present.bytes().limit();
      return new GuestText(text, isCut ? "cut: its cell ends" : null);
    }
    return GuestText.missing(((Cell.Missing) read).why());
  }

  /** The root of the registry itself may have none. */
  private GuestText owner(KeyNode node) {
    int cell = node.security();
    return cell == CellReader.NONE ? GuestText.NONE : owners.of(cell, apart, types, budget);
  }
}
