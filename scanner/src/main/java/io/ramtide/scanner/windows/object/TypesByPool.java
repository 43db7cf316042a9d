package io.ramtide.scanner.windows.object;

import io.ramtide.scanner.windows.guest.Guest;
import io.ramtide.scanner.windows.guest.Struct;
import io.ramtide.scanner.windows.scan.PoolTag;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.stream.IntStream;

/**
 * Object types of a kernel whose symbols are not known: from the OBJECT_TYPEs in the pool, each of
 * which has its name and index. They are objects too, of the type "Type": what their headers encode
 * is its index, which gives the cookie.
 */
final class TypesByPool {
  private static final int MAX_INDEX = 255;

  /** Of the type "Type", the first that the object manager makes. */
  private static final int TYPE_INDEX = ObjectTypes.FIRST;

  private final Guest guest;
  private final OptionalHeaders optional;
  private final Map<Integer, String> names = new HashMap<>();
  private final List<ObjectHeader> headers = new ArrayList<>();

  private TypesByPool(Guest guest, OptionalHeaders optional) {
    this.guest = guest;
    this.optional = optional;
  }

  static ObjectTypes find(Guest guest, OptionalHeaders optional) {
    TypesByPool types = new TypesByPool(guest, optional);
    PoolObjects.headers(guest, optional, PoolTag.of("type")).forEach(types::look);
    ObjectTypes known = types.types();
    return known.isKnown() ? types.completed(known) : known;
  }

  private void look(ObjectHeader header) {
    Struct type = guest.struct("OBJECT_TYPE", header.objectVa());
    int index = type.u8("Index").orElse(0);
    if (index >= TYPE_INDEX) {
      name(type).ifPresent(name -> names.putIfAbsent(index, name));
      headers.add(header);
    }
  }

  /** As it has it, or, if that is not there, by the pool tag it gives its objects. */
  private Optional<String> name(Struct type) {
    Optional<String> name = ObjectTypes.name(guest, type.va());
    long key = type.u32("Key").orElse(0);
    return name.isPresent()
        ? name
        : PoolTag.all().stream()
            .filter(tag -> tag.value(guest.layout().firstBuild()) == (int) key)
            .findFirst()
            .flatMap(PoolTag::objectType);
  }

  private ObjectTypes types() {
    ObjectTypes plain = new ObjectTypes(names, OptionalInt.empty());
    if (fits(plain)) {
      return plain;
    }
    return IntStream.rangeClosed(0, MAX_INDEX)
        .mapToObj(cookie -> new ObjectTypes(names, OptionalInt.of(cookie)))
        .filter(this::fits)
        .findFirst()
        .orElse(ObjectTypes.NONE);
  }

  /** With the types that are missing, by what most objects with their pool tag encode. */
  private ObjectTypes completed(ObjectTypes known) {
    for (PoolTag tag : PoolTag.all()) {
      if (tag.objectType().isPresent() && !names.containsValue(tag.objectType().get())) {
        Map<Integer, Integer> votes = new HashMap<>();
        PoolObjects.headers(guest, optional, tag)
            .map(header -> known.index(header).orElse(0))
            .filter(index -> index >= TYPE_INDEX && !names.containsKey(index))
            .forEach(index -> votes.merge(index, 1, Integer::sum));
        winner(votes).ifPresent(index -> names.put(index, tag.objectType().get()));
      }
    }
    return new ObjectTypes(names, known.cookie());
  }

  /** The index with twice the votes of any other: some places only look like headers. */
  private static Optional<Integer> winner(Map<Integer, Integer> votes) {
    List<Map.Entry<Integer, Integer>> ranking =
        votes.entrySet().stream()
            .sorted(Map.Entry.<Integer, Integer>comparingByValue().reversed())
            .toList();
    boolean isClear =
        ranking.size() == 1
            || (ranking.size() > 1 && ranking.get(0).getValue() >= 2 * ranking.get(1).getValue());
    return isClear ? Optional.of(ranking.get(0).getKey()) : Optional.empty();
  }

  /** Whether most of the types are objects of the type "Type". */
  private boolean fits(ObjectTypes types) {
    long votes =
        headers.stream().filter(header -> types.index(header).orElse(0) == TYPE_INDEX).count();
    return 2 * votes > headers.size();
  }
}
