package io.ramtide.acquirer.agent.lane;

import io.ramtide.acquirer.live.CaptureMethod;
import io.ramtide.acquirer.live.LiveGuest;
import io.ramtide.acquirer.live.Method;
import io.ramtide.acquirer.live.MethodUnavailableException;
import io.ramtide.acquirer.live.choice.Methods;
import io.ramtide.acquirer.source.MemorySource;
import java.io.Closeable;
import java.io.IOException;
import java.util.EnumSet;
import java.util.Optional;
import java.util.Set;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Opens one domain's RAM by the method in use, and goes on to the next best one when a method
 * cannot be used any more, unless the user named one. Not thread-safe.
 */
final class DomainReader implements Closeable {
  private static final Logger LOG = LoggerFactory.getLogger(DomainReader.class);

  private final MethodChooser chooser;
  private final Optional<Method> wanted;
  private final Set<Method> useless = EnumSet.noneOf(Method.class);
  private LiveGuest guest;
  private CaptureMethod current;

  DomainReader(MethodChooser chooser, Optional<Method> wanted) {
    this.chooser = chooser;
    this.wanted = wanted;
  }

  /** The method to be used for the guest, chosen if need be. */
  Method method(LiveGuest of) throws IOException {
    if (of != guest) {
      drop();
      useless.clear();
      guest = of;
    }
    if (current == null) {
      current = choose();
    }
    return current.method();
  }

  /** The guest's RAM for one capture. */
  MemorySource open(LiveGuest of) throws IOException {
    while (true) {
      Method method = method(of);
      try {
        return current.open();
      } catch (MethodUnavailableException e) {
        unavailable(e);
        if (wanted.isPresent()) {
          throw e;
        }
        LOG.atWarn()
            .addKeyValue("domain", of.uuid())
            .log("{}: {} cannot be used any more: {}", of.name(), method.text(), e.getMessage());
      }
    }
  }

  /** The method in use turned out to be unusable: the next capture takes another one. */
  void unavailable(MethodUnavailableException why) {
    if (current != null && wanted.isEmpty()) {
      useless.add(current.method());
    }
    drop();
  }

  private CaptureMethod choose() throws IOException {
    if (useless.isEmpty()) {
      return chooser.choose(guest, wanted);
    }
    MethodUnavailableException last = null;
    for (Method method : Methods.AUTOMATIC) {
      if (!useless.contains(method)) {
        try {
          return chooser.choose(guest, Optional.of(method));
        } catch (MethodUnavailableException e) {
          last = e;
        }
      }
    }
    useless.clear(); // The next capture tries all of them again.
    throw last != null
        ? last
        : new MethodUnavailableException(
            guest.name() + ": no method can read this guest while it runs at present", null);
  }

  private void drop() {
    if (current != null) {
      try {
        current.close();
      } catch (IOException e) {
        LOG.warn("{}: while letting go of {}", guest.name(), current.method().text(), e);
      }
      current = null;
    }
  }

  @Override
  public void close() {
    drop();
  }
}
