package io.ramtide.scanner.windows.user;

import io.ramtide.scanner.windows.guest.Decoder;
import io.ramtide.scanner.windows.guest.FindingSink;
import io.ramtide.scanner.windows.guest.Guest;
import io.ramtide.scanner.windows.guest.GuestProcess;
import io.ramtide.scanner.windows.guest.GuestText;
import io.ramtide.scanner.windows.guest.What;
import io.ramtide.schemas.EnvironmentFinding;
import io.ramtide.schemas.ProcessFinding;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.function.Function;

/** What processes were started with: paths and command line, and their environments. */
public final class ParametersDecoder implements Decoder {
  /** Characters of texts that all processes keep together; beyond, each text is cut. */
  static final int MAX_CHARACTERS = 1 << 23;

  /** Bytes of environment blocks that are read, of all processes. */
  static final long MAX_ENVIRONMENT = 1L << 28;

  /** What is left of a text when there are too many. */
  private static final int SHORT = 128;

  /** What a guest's processes may still have: many may share texts of 64 KiB. */
  private static final class Budget {
    private int characters = MAX_CHARACTERS;
    private long environment = MAX_ENVIRONMENT;

    GuestText take(GuestText text) {
      if (text.value() == null || text.value().length() <= SHORT) {
        return text;
      }
      if (text.value().length() > characters) {
        return new GuestText(
            text.value().substring(0, SHORT),
            "cut after %d characters: the guest's processes have too many".formatted(SHORT));
      }
      characters -= text.value().length();
      return text;
    }
  }

  @Override
  public Set<What> kinds() {
    return Set.of(What.environment);
  }

  @Override
  public void describe(Guest guest, GuestProcess process, FindingSink sink) {
    ProcessFinding.Builder finding = process.finding();
    Budget budget = guest.once(Budget.class, any -> new Budget());
    GuestText file = budget.take(ImageFile.of(process));
    finding.setImageFile(file.value()).setImageFileStatus(file.status());
    OptionalLong wow64 = Peb.wow64Pointer(process);
    if (wow64.isPresent()) {
      finding.setWow64(wow64.getAsLong() != 0);
    }
    Peb peb = Peb.ofNative(process);
    if (!peb.isMissing()) {
      finding.setPebVa(peb.va());
    }
    List<Parameters> all = parameters(process, peb);
    GuestText path = budget.take(first(all, Parameters::imagePath));
    finding.setImagePath(path.value()).setImagePathStatus(path.status());
    GuestText line = budget.take(first(all, Parameters::commandLine));
    finding.setCommandLine(line.value()).setCommandLineStatus(line.status());
    GuestText folder = budget.take(first(all, Parameters::currentDirectory));
    finding.setCurrentDirectory(folder.value()).setCurrentDirectoryStatus(folder.status());
  }

  private static List<Parameters> parameters(GuestProcess process, Peb peb) {
    Parameters own = Parameters.of(peb);
    Optional<Parameters> wow64 = Peb.ofWow64(process).map(Parameters::of);
    return wow64.isPresent() ? List.of(own, wow64.get()) : List.of(own);
  }

  /** A 32-bit process has each text twice: the first that could be read whole, else the first. */
  private static GuestText first(List<Parameters> all, Function<Parameters, GuestText> text) {
    GuestText first = text.apply(all.get(0));
    for (int i = 1; i < all.size() && first.status() != null; i++) {
      GuestText other = text.apply(all.get(i));
      if (other.status() == null) {
        return other;
      }
    }
    return first;
  }

  @Override
  public void decode(Guest guest, List<GuestProcess> processes, FindingSink sink) {
    Budget budget = guest.once(Budget.class, any -> new Budget());
    for (GuestProcess process : processes) {
      if (budget.environment <= 0) {
        sink.incomplete(
            What.environment,
            "only the first %d MiB of environments were read".formatted(MAX_ENVIRONMENT >> 20));
        return;
      }
      Peb peb = Peb.ofNative(process);
      if (peb.isExpected()) {
        budget.environment -= add(process, Environment.of(Parameters.of(peb)), false, sink);
      }
      Optional<Peb> wow64 = Peb.ofWow64(process).filter(Peb::isExpected);
      if (wow64.isPresent()) {
        budget.environment -= add(process, Environment.of(Parameters.of(wow64.get())), true, sink);
      }
    }
  }

  /** Returns about how many bytes it had. */
  private static long add(
      GuestProcess process, Environment environment, boolean wow64, FindingSink sink) {
    sink.add(
        What.environment,
        EnvironmentFinding.newBuilder()
            .setPid(process.pid())
            .setProcessVa(process.finding().getObjectVa())
            .setBlockVa(environment.va())
            .setVariables(environment.variables())
            .setStatus(environment.status())
            .setWow64(wow64)
            .build());
    sink.partly(What.environment, unread(environment.status()));
    return environment.variables().stream()
        .mapToLong(variable -> 2L * (variable.getName().length() + variable.getValue().length()))
        .sum();
  }

  /** What there never was, or is no more, could be read: there is nothing. */
  private static String unread(String status) {
    return Parameters.NOT_SET.equals(status) || Peb.EXITED.equals(status) ? null : status;
  }
}
