package io.ramtide.scanner.windows.object;

import io.ramtide.scanner.symbols.StructType;
import io.ramtide.scanner.windows.guest.Guest;
import io.ramtide.scanner.windows.scan.PoolTag;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/**
 * Objects in the pool, by their tag. Between pool header and object are the optional headers and
 * the OBJECT_HEADER, whose InfoMask says how long those before it are: only where the two agree,
 * the counts are plausible, the object fits its block, and the type index names the type that the
 * tag promises, there is an object. Freed blocks are told, not left out.
 */
public final class PoolObjects {
  private static final int ALIGNMENT = 16;

  /** All optional headers together, and padding to a cache line. */
  private static final int MAX_HEADERS = 0x140;

  private final Guest guest;
  private final ObjectManager objects;
  private final PoolBlocks blocks;
  private final Map<String, List<PoolObject>> found = new HashMap<>();

  private PoolObjects(Guest guest) {
    this.guest = guest;
    this.objects = ObjectManager.of(guest);
    this.blocks = guest.once(PoolBlocks.class, PoolBlocks::new);
  }

  /** The guest's; made once. */
  public static PoolObjects of(Guest guest) {
    return guest.once(PoolObjects.class, PoolObjects::new);
  }

  /**
   * Things of a kind of pool-tags.json, one a place: of a frame that is mapped twice, at the lower
   * address.
   */
  public List<PoolObject> of(String kind) {
    return found.computeIfAbsent(kind, key -> find(PoolTag.of(key)));
  }

  /**
   * Kernel address of a place that the scan met: of a tag, or {@link
   * io.ramtide.scanner.windows.scan.GuestScan#hives}.
   */
  public OptionalLong va(long gpa) {
    return blocks.va(gpa);
  }

  /** Why things of a kind may be missing. */
  public List<String> gaps(String kind) {
    return blocks.gaps(PoolTag.of(kind));
  }

  /** Those of a kind whose blocks are in use. */
  public List<PoolObject> inUse(String kind) {
    return of(kind).stream().filter(object -> !object.isFree()).toList();
  }

  private List<PoolObject> find(PoolTag tag) {
    Map<Long, PoolObject> objects = new LinkedHashMap<>();
    for (PoolBlocks.Block block : blocks.of(tag)) {
      object(tag, block).ifPresent(object -> objects.putIfAbsent(object.gpa(), object));
    }
    return List.copyOf(objects.values());
  }

  private Optional<PoolObject> object(PoolTag tag, PoolBlocks.Block block) {
    if (tag.objectType().isEmpty()) {
      return size(guest, tag) <= block.bytes() ? at(block.start(), block, false) : Optional.empty();
    }
    boolean isKnown = objects.types().names().containsValue(tag.objectType().get());
    return headers(guest, objects.optionalHeaders(), tag, block)
        .filter(header -> !isKnown || objects.types().of(header).equals(tag.objectType()))
        .findFirst()
        .flatMap(header -> at(header.objectVa(), block, isKnown));
  }

  /** What may be object headers in the blocks in use with a tag. */
  static Stream<ObjectHeader> headers(Guest guest, OptionalHeaders optional, PoolTag tag) {
    return guest.once(PoolBlocks.class, PoolBlocks::new).of(tag).stream()
        .filter(block -> !block.isFree())
        .flatMap(block -> headers(guest, optional, tag, block));
  }

  private static Stream<ObjectHeader> headers(
      Guest guest, OptionalHeaders optional, PoolTag tag, PoolBlocks.Block block) {
    StructType type = guest.type("OBJECT_HEADER");
    int room = Math.min(block.bytes() - size(guest, tag) - type.offset("Body"), MAX_HEADERS);
    if (room < 0) {
      return Stream.empty();
    }
    // One read for all places: a hostile guest has many tags, and most places fail at once.
    byte[] bytes = new byte[room + type.size()];
    int known = guest.space().read(block.start(), bytes, 0, bytes.length).bytes();
    int infoMask = type.offset("InfoMask");
    return IntStream.rangeClosed(0, room / ALIGNMENT)
        .map(i -> i * ALIGNMENT)
        .filter(at -> at + infoMask < known && fits(optional, bytes[at + infoMask] & 0xff, at))
        .mapToObj(at -> new ObjectHeader(guest, optional, block.start() + at))
        .filter(ObjectHeader::isPlausible);
  }

  private static int size(Guest guest, PoolTag tag) {
    if (tag.bytes().isPresent()) {
      return tag.bytes().getAsInt();
    }
    StructType structure = guest.type(tag.structure());
    return tag.upTo().map(structure::offset).orElse(structure.size());
  }

  private static boolean fits(OptionalHeaders optional, int infoMask, int before) {
    int length = optional.length(infoMask);
    return optional.isKnown(infoMask)
        && (optional.isPadded(infoMask) ? length <= before : length == before);
  }

  private Optional<PoolObject> at(long va, PoolBlocks.Block block, boolean isVerified) {
    OptionalLong gpa = guest.space().gpa(va);
    return gpa.isPresent()
        ? Optional.of(
            new PoolObject(
                va,
                gpa.getAsLong(),
                block.headerGpa(),
                (int) (block.start() + block.bytes() - va),
                block.isFree(),
                isVerified))
        : Optional.empty();
  }
}
