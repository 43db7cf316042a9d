package io.ramtide.scanner.windows;

import io.ramtide.scanner.windows.callback.CallbackDecoder;
import io.ramtide.scanner.windows.driver.DriverDecoder;
import io.ramtide.scanner.windows.guest.Decoder;
import io.ramtide.scanner.windows.guest.FindingSink;
import io.ramtide.scanner.windows.guest.Guest;
import io.ramtide.scanner.windows.guest.GuestProcess;
import io.ramtide.scanner.windows.guest.What;
import io.ramtide.scanner.windows.handle.HandleDecoder;
import io.ramtide.scanner.windows.module.KernelModuleDecoder;
import io.ramtide.scanner.windows.module.KernelModules;
import io.ramtide.scanner.windows.named.FileDecoder;
import io.ramtide.scanner.windows.named.MutexDecoder;
import io.ramtide.scanner.windows.named.SymbolicLinkDecoder;
import io.ramtide.scanner.windows.process.ProcessDetails;
import io.ramtide.scanner.windows.registry.RegistryDecoder;
import io.ramtide.scanner.windows.ssdt.SsdtDecoder;
import io.ramtide.scanner.windows.thread.ThreadDecoder;
import io.ramtide.scanner.windows.token.TokenDecoder;
import io.ramtide.scanner.windows.user.ModuleDecoder;
import io.ramtide.scanner.windows.user.ParametersDecoder;
import io.ramtide.scanner.windows.user.ProcessModules;
import io.ramtide.scanner.windows.vad.VadDecoder;
import io.ramtide.schemas.ProcessFinding;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Runs every decoder on a guest. A defect in one of them costs its own findings only. */
final class Decoders {
  private static final Logger LOG = LoggerFactory.getLogger(Decoders.class);

  private static final List<Decoder> ALL =
      List.of(
          // First: it makes pages that only a VAD describes readable for the others.
          new VadDecoder(),
          new ProcessDetails(),
          new ParametersDecoder(),
          new TokenDecoder(),
          new ThreadDecoder(
              guest -> KernelModules.of(guest).map()::module,
              (guest, process) -> ProcessModules.of(process)::module),
          new ModuleDecoder(),
          new HandleDecoder(),
          new FileDecoder(),
          new MutexDecoder(),
          new SymbolicLinkDecoder(),
          new KernelModuleDecoder(),
          new DriverDecoder(),
          new SsdtDecoder(),
          new CallbackDecoder(),
          new RegistryDecoder());

  private final List<Decoder> all;

  /**
   * @param more than the scanner has
   */
  Decoders(List<Decoder> more) {
    all = Stream.concat(ALL.stream(), more.stream()).toList();
  }

  /** Gives the findings to the sink, processes first; returns the processes. */
  List<ProcessFinding> run(Guest guest, List<GuestProcess> processes, FindingSink sink) {
    for (Decoder decoder : all) {
      guarded(
          decoder,
          sink,
          () -> processes.forEach(process -> decoder.describe(guest, process, sink)));
    }
    List<ProcessFinding> findings = new ArrayList<>();
    for (GuestProcess process : processes) {
      ProcessFinding finding = process.finding().build();
      findings.add(finding);
      sink.add(What.processes, finding);
    }
    for (Decoder decoder : all) {
      if (decoder.kinds().stream().anyMatch(sink::wants)) {
        guarded(decoder, sink, () -> decoder.decode(guest, processes, sink));
      }
    }
    What.all().stream()
        .filter(kind -> kind != What.processes)
        .filter(kind -> all.stream().noneMatch(decoder -> decoder.kinds().contains(kind)))
        .forEach(kind -> sink.notSupported(kind, "this version of ramtide does not decode it"));
    return findings;
  }

  private static void guarded(Decoder decoder, FindingSink sink, Runnable step) {
    try {
      step.run();
    } catch (RuntimeException | StackOverflowError e) {
      // Decoders promise not to throw; a guest that finds a way must not end the analysis.
      LOG.error("{}", decoder.getClass().getSimpleName(), e);
      decoder.kinds().forEach(kind -> sink.failed(kind, "the decoder failed: " + e));
    }
  }
}
