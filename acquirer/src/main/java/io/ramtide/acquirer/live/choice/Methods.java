package io.ramtide.acquirer.live.choice;

import io.ramtide.acquirer.live.CaptureMethod;
import io.ramtide.acquirer.live.GuestGoneException;
import io.ramtide.acquirer.live.LiveGuest;
import io.ramtide.acquirer.live.Method;
import io.ramtide.acquirer.live.MethodOptions;
import io.ramtide.acquirer.live.MethodUnavailableException;
import io.ramtide.acquirer.live.memory.ProcessMemory;
import io.ramtide.acquirer.live.memory.SharedMemory;
import io.ramtide.acquirer.live.moment.BackgroundSnapshot;
import io.ramtide.acquirer.live.moment.Paused;
import io.ramtide.acquirer.live.moment.Snapshot;
import io.ramtide.acquirer.live.seen.CoreDump;
import io.ramtide.acquirer.live.seen.Peek;
import io.ramtide.acquirer.live.seen.PhysicalSave;
import java.io.IOException;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Which ways there are to read a guest, and the choice between them. */
public final class Methods {
  /** Those that neither stall the guest nor write anywhere, best first. */
  public static final List<Method> AUTOMATIC =
      List.of(Method.SHARED_MEMORY, Method.PROCESS, Method.PEEK);

  private static final Map<Method, CaptureMethod.Factory> FACTORIES = new EnumMap<>(Method.class);

  static {
    FACTORIES.put(Method.SHARED_MEMORY, SharedMemory::of);
    FACTORIES.put(Method.PROCESS, ProcessMemory::of);
    FACTORIES.put(Method.PAUSED, Paused::of);
    FACTORIES.put(Method.SNAPSHOT, Snapshot::of);
    FACTORIES.put(Method.BACKGROUND_SNAPSHOT, BackgroundSnapshot::of);
    FACTORIES.put(Method.PEEK, Peek::of);
    FACTORIES.put(Method.DUMP, CoreDump::of);
    FACTORIES.put(Method.PMEMSAVE, PhysicalSave::of);
  }

  private Methods() {}

  /**
   * Every method and whether it can be used on this guest, in the order of {@link Method}.
   *
   * @throws GuestGoneException if the guest has ended
   */
  public static List<Capability> probe(LiveGuest guest, MethodOptions options)
      throws GuestGoneException {
    List<Capability> capabilities = new ArrayList<>();
    for (Method method : Method.values()) {
      capabilities.add(probe(method, guest, options));
    }
    return List.copyOf(capabilities);
  }

  private static Capability probe(Method method, LiveGuest guest, MethodOptions options)
      throws GuestGoneException {
    try (CaptureMethod made = make(method, guest, options)) {
      return new Capability(made.method(), Optional.empty());
    } catch (GuestGoneException e) {
      throw e;
    } catch (IOException e) {
      return new Capability(method, Optional.of(String.valueOf(e.getMessage())));
    }
  }

  /**
   * The wanted method, or the best one that can be used without stalling the guest.
   *
   * @throws MethodUnavailableException if it, or none, can be used, with every reason
   * @throws GuestGoneException if the guest has ended
   */
  public static CaptureMethod choose(
      LiveGuest guest, Optional<Method> wanted, MethodOptions options) throws IOException {
    if (wanted.isPresent()) {
      return make(wanted.get(), guest, options);
    }
    List<String> reasons = new ArrayList<>();
    for (Method method : AUTOMATIC) {
      try {
        return make(method, guest, options);
      } catch (GuestGoneException e) {
        throw e;
      } catch (IOException e) {
        reasons.add(method.text() + ": " + e.getMessage());
      }
    }
    throw new MethodUnavailableException(
        "%s: no method can read this guest while it runs (%s)"
            .formatted(guest.name(), String.join("; ", reasons)),
        null);
  }

  private static CaptureMethod make(Method method, LiveGuest guest, MethodOptions options)
      throws IOException {
    CaptureMethod.Factory factory = FACTORIES.get(method);
    if (factory == null) {
      throw new MethodUnavailableException(
          "%s: %s is not supported by this version".formatted(guest.name(), method.text()), null);
    }
    return factory.of(guest, options);
  }
}
