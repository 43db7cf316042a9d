package io.ramtide.scanner.windows.guest;

import io.ramtide.scanner.paging.AddressSpace;
import io.ramtide.scanner.paging.VadLookup;
import io.ramtide.schemas.ProcessFinding;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.function.Function;
import java.util.function.Supplier;

/** A process that was found, and the finding that decoders complete. */
public final class GuestProcess {
  private final Guest guest;
  private final ProcessFinding.Builder finding;
  private final Map<Class<?>, Object> known = new HashMap<>();
  private Supplier<? extends VadLookup> vads = () -> VadLookup.NONE;
  private Optional<AddressSpace> space;
  private Optional<Struct> object;

  public GuestProcess(Guest guest, ProcessFinding.Builder finding) {
    this.guest = guest;
    this.finding = finding;
  }

  public Guest guest() {
    return guest;
  }

  /** The finding, to be completed. */
  public ProcessFinding.Builder finding() {
    return finding;
  }

  public long pid() {
    return finding.getPid();
  }

  /** Whether it has ended, by its own exit time. */
  public boolean hasExited() {
    return finding.getExitTime() != null;
  }

  /** VA of its EPROCESS, if a mapping is known. */
  public OptionalLong va() {
    return finding.getObjectVa() == null
        ? OptionalLong.empty()
        : OptionalLong.of(finding.getObjectVa());
  }

  /** Its EPROCESS, if its address is known. */
  public Optional<Struct> object() {
    if (object == null) {
      object =
          va().isPresent()
              ? Optional.of(guest.struct("EPROCESS", va().getAsLong()))
              : Optional.empty();
    }
    return object;
  }

  /** Gives the VADs that answer for what its page tables leave to them; asked for when needed. */
  public void answerFrom(Supplier<? extends VadLookup> lookup) {
    vads = lookup;
  }

  private VadLookup lookup() {
    return new VadLookup() {
      @Override
      public OptionalLong prototypePte(long va) {
        return vads.get().prototypePte(va);
      }

      @Override
      public boolean isDemandZero(long va) {
        return vads.get().isDemandZero(va);
      }
    };
  }

  /** Its address space, if its page-table root can be read. */
  public Optional<AddressSpace> space() {
    if (space == null) {
      Long root = finding.getDirectoryTableBase();
      space =
          root != null && guest.frames().frame(root).isPresent()
              ? Optional.of(guest.space(root, lookup()))
              : Optional.empty();
    }
    return space;
  }

  /** What several decoders need of a process, e.g. its VADs: made when first asked for. */
  public <T> T once(Class<T> type, Function<GuestProcess, T> maker) {
    Object made = known.get(type);
    if (made == null) {
      made = maker.apply(this);
      known.put(type, made);
    }
    return type.cast(made);
  }
}
