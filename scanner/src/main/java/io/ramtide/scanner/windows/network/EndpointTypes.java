package io.ramtide.scanner.windows.network;

import io.ramtide.scanner.windows.guest.FactFile;
import io.ramtide.scanner.windows.guest.Guest;
import io.ramtide.scanner.windows.network.EndpointType.Candidate;
import io.ramtide.scanner.windows.network.EndpointType.Kind;
import io.ramtide.scanner.windows.object.PoolObject;
import io.ramtide.scanner.windows.object.PoolObjects;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;

/** How a guest has each kind of endpoint: of what may serve its build, what its blocks fit best. */
final class EndpointTypes {
  /** Blocks by which the choice is made. */
  private static final int SAMPLE = 1 << 10;

  /** Offsets at which blocks name processes that are tried for Owner. */
  private static final int MAX_OFFSETS = 4;

  private final Guest guest;
  private final Owners owners;
  private final EndpointReader reader;
  private final Map<Kind, EndpointType> chosen = new EnumMap<>(Kind.class);

  EndpointTypes(Guest guest, Owners owners) {
    this.guest = guest;
    this.owners = owners;
    // Its own: what is tried in vain is no gap.
    this.reader = new EndpointReader(guest, owners);
    for (Kind kind : Kind.values()) {
      choose(EndpointType.candidates(kind, FactFile.build(guest)))
          .ifPresent(type -> chosen.put(kind, type));
    }
  }

  /** How the guest has a kind; empty if nothing is known of its build. */
  Optional<EndpointType> of(Kind kind) {
    return Optional.ofNullable(chosen.get(kind));
  }

  private Optional<EndpointType> choose(List<Candidate> candidates) {
    if (candidates.size() <= 1 && candidates.stream().allMatch(Candidate::isFixed)) {
      return candidates.stream().map(Candidate::type).findFirst();
    }
    EndpointType best = null;
    int most = -1;
    for (Candidate candidate : candidates) {
      List<PoolObject> sample = sample(candidate.type());
      List<EndpointType> types =
          candidate.isFixed() ? List.of(candidate.type()) : byOwner(candidate, sample);
      for (EndpointType type : types) {
        int fit = sample.stream().mapToInt(block -> fit(type, block)).sum();
        if (fit > most) {
          best = type;
          most = fit;
        }
      }
    }
    return Optional.ofNullable(best);
  }

  private List<PoolObject> sample(EndpointType type) {
    return type.pool().stream()
        .flatMap(kind -> PoolObjects.of(guest).inUse(kind).stream())
        .limit(SAMPLE)
        .toList();
  }

  /** The candidate with Owner where most blocks name a process. */
  private List<EndpointType> byOwner(Candidate candidate, List<PoolObject> sample) {
    Map<Integer, Integer> counts = new HashMap<>();
    for (PoolObject block : sample) {
      int end = Math.min(candidate.ownerTo(), block.bytes());
      for (int at = candidate.ownerFrom(); at + Long.BYTES <= end; at += Long.BYTES) {
        OptionalLong value = guest.space().qword(block.va() + at);
        if (value.isPresent() && owners.isProcess(value.getAsLong())) {
          counts.merge(at, 1, Integer::sum);
        }
      }
    }
    List<Integer> offsets = new ArrayList<>(counts.keySet());
    offsets.sort(
        (a, b) -> counts.get(b).equals(counts.get(a)) ? a - b : counts.get(b) - counts.get(a));
    return offsets.stream().limit(MAX_OFFSETS).map(candidate::withOwner).toList();
  }

  /** How much of a block is as it should be. */
  private int fit(EndpointType type, PoolObject block) {
    if (block.bytes() < type.size()) {
      return 0;
    }
    Optional<Endpoint> found = reader.read(type, block.va(), false);
    if (found.isEmpty()) {
      return 0;
    }
    Endpoint endpoint = found.get();
    int fit = 4;
    fit += endpoint.createTime() == null ? 0 : 1;
    fit += endpoint.addressStatus() == null ? 1 : 0;
    fit += endpoint.local().port() == 0 ? 0 : 1;
    // Zeros read as a closed connection without ports.
    boolean isOpen = endpoint.remote() != null && endpoint.remote().port() != 0;
    return isOpen ? fit + 4 : fit;
  }
}
