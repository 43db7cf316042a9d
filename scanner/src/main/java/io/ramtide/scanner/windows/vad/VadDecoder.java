package io.ramtide.scanner.windows.vad;

import io.ramtide.scanner.paging.AddressSpace;
import io.ramtide.scanner.windows.guest.Decoder;
import io.ramtide.scanner.windows.guest.FindingSink;
import io.ramtide.scanner.windows.guest.Guest;
import io.ramtide.scanner.windows.guest.GuestProcess;
import io.ramtide.scanner.windows.guest.GuestText;
import io.ramtide.scanner.windows.guest.What;
import io.ramtide.schemas.VadFinding;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * The regions of every process. To be the first decoder: it makes the pages of mapped files
 * readable that the others come across.
 */
public final class VadDecoder implements Decoder {
  @Override
  public Set<What> kinds() {
    return Set.of(What.vads);
  }

  @Override
  public void describe(Guest guest, GuestProcess process, FindingSink sink) {
    if (Vads.areKnown(guest.layout())) {
      process.answerFrom(() -> Vads.of(process));
    }
  }

  @Override
  public void decode(Guest guest, List<GuestProcess> processes, FindingSink sink) {
    if (!Vads.areKnown(guest.layout())) {
      sink.notSupported(What.vads, "symbol table %s has no VADs".formatted(guest.layout().name()));
      return;
    }
    for (GuestProcess process : processes) {
      decode(process, sink);
    }
    Vads.cuts(guest).forEach(cut -> sink.cut(What.vads, cut));
  }

  private static void decode(GuestProcess process, FindingSink sink) {
    Vads vads = Vads.of(process);
    for (String trouble : vads.troubles()) {
      sink.incomplete(What.vads, "process %d: %s".formatted(process.pid(), trouble));
    }
    Optional<AddressSpace> space = process.space();
    if (space.isEmpty() && !vads.all().isEmpty()) {
      sink.incomplete(
          What.vads,
          "process %d: its page-table root was not captured, so no hints".formatted(process.pid()));
    }
    Optional<VadHints> hints = space.map(its -> new VadHints(process.guest(), its));
    for (Vad vad : vads.all()) {
      sink.add(What.vads, finding(process, vads, vad, hints));
    }
    if (hints.isPresent() && hints.get().isCut()) {
      sink.incomplete(
          What.vads,
          "process %d: not all pages of its executable regions were looked at"
              .formatted(process.pid()));
    }
  }

  private static VadFinding finding(
      GuestProcess process, Vads vads, Vad vad, Optional<VadHints> hints) {
    GuestText file = vads.file(vad);
    return VadFinding.newBuilder()
        .setPid(process.pid())
        .setProcessVa(process.finding().getObjectVa())
        .setStartVa(vad.start())
        .setEndVa(vad.end())
        .setProtection(vad.protectionText())
        .setType(vad.typeText())
        .setPrivateMemory(vad.privateMemory())
        .setCommitCharge(vad.commitCharge())
        .setFile(file.value())
        .setFileStatus(file.status())
        .setHints(hints.map(of -> of.of(vad)).orElse(List.of()))
        .setTag(vad.tag())
        .setObjectVa(vad.va())
        .build();
  }
}
