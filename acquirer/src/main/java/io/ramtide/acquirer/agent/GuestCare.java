package io.ramtide.acquirer.agent;

import io.ramtide.acquirer.host.SoftDirty;
import io.ramtide.acquirer.live.LiveGuest;
import io.ramtide.acquirer.live.MethodOptions;
import io.ramtide.acquirer.live.choice.Methods;
import io.ramtide.acquirer.live.moment.BackgroundSnapshot;
import io.ramtide.acquirer.live.moment.Paused;
import io.ramtide.acquirer.live.moment.Snapshot;
import io.ramtide.schemas.Capability;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** What is done for a guest that appears: what an earlier agent left behind is put right. */
interface GuestCare {
  /** To be called for every guest of a new connection, and for every later one. */
  void appeared(LiveGuest guest);

  /** What this host can do, told by the first guest that was seen; empty before. */
  List<Capability> capabilities();

  /** Of the methods of capture. */
  static GuestCare of(MethodOptions options) {
    return new GuestCare() {
      private static final Logger LOG = LoggerFactory.getLogger(Agent.class);
      private volatile List<Capability> capabilities = List.of();

      @Override
      public void appeared(LiveGuest guest) {
        repair(guest, Paused::repair);
        repair(guest, BackgroundSnapshot::repair);
        repair(guest, Snapshot::repair);
        if (capabilities.isEmpty()) {
          probe(guest);
        }
      }

      private void repair(LiveGuest guest, Repair repair) {
        try {
          repair
              .of(guest, options)
              .ifPresent(done -> LOG.atWarn().addKeyValue("domain", guest.uuid()).log("{}", done));
        } catch (IOException e) {
          LOG.warn("{}: what an earlier run left could not be put right", guest.name(), e);
        }
      }

      private void probe(LiveGuest guest) {
        try {
          List<Capability> found = new ArrayList<>();
          for (var each : Methods.probe(guest, options)) {
            found.add(
                new Capability(
                    each.method().text(), each.available(), each.obstacle().orElse(null)));
          }
          boolean softDirty = SoftDirty.works();
          found.add(
              new Capability(
                  "soft-dirty",
                  softDirty,
                  softDirty ? null : "this kernel keeps no soft-dirty bits"));
          capabilities = List.copyOf(found);
        } catch (IOException e) {
          LOG.debug("{}: {}", guest.name(), e.getMessage()); // The next guest tells.
        }
      }

      @Override
      public List<Capability> capabilities() {
        return capabilities;
      }
    };
  }

  /** Puts something right and says what. */
  @FunctionalInterface
  interface Repair {
    Optional<String> of(LiveGuest guest, MethodOptions options) throws IOException;
  }
}
