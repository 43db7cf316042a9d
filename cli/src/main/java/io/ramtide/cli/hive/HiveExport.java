package io.ramtide.cli.hive;

import io.ramtide.cli.term.ExitCode;
import io.ramtide.cli.term.Failure;
import io.ramtide.scanner.windows.guest.Decoder;
import io.ramtide.scanner.windows.guest.FactFile;
import io.ramtide.scanner.windows.guest.FindingSink;
import io.ramtide.scanner.windows.guest.Guest;
import io.ramtide.scanner.windows.guest.GuestProcess;
import io.ramtide.scanner.windows.guest.What;
import io.ramtide.scanner.windows.hive.Hive;
import io.ramtide.scanner.windows.hive.HiveCells;
import io.ramtide.scanner.windows.hive.Hives;
import io.ramtide.scanner.windows.hive.regf.RegfFile;
import java.io.BufferedOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.DigestOutputStream;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Predicate;
import java.util.stream.Stream;

/** Writes hives to files while their guest is being analysed. */
public final class HiveExport implements Decoder {
  private static final int BUFFER = 1 << 20;

  private final Path source;
  private final Predicate<String> wanted;
  private final HiveTarget target;
  private final List<ExportedHive> exported = new ArrayList<>();
  private final List<String> others = new ArrayList<>();
  private final List<String> empty = new ArrayList<>();
  private List<String> gaps = List.of();
  private Failure failure;

  /**
   * @param source the dump, to be named in what is written
   * @param wanted hives by the path of their root key
   */
  public HiveExport(Path source, Predicate<String> wanted, HiveTarget target) {
    this.source = source;
    this.wanted = wanted;
    this.target = target;
  }

  @Override
  public Set<What> kinds() {
    return Set.of(What.hives);
  }

  @Override
  public void decode(Guest guest, List<GuestProcess> processes, FindingSink sink) {
    Hives hives = Hives.of(guest, processes);
    gaps = Stream.concat(hives.gaps().stream(), hives.blockGaps().stream()).toList();
    List<Hive> chosen = new ArrayList<>();
    for (Hive hive : hives.all()) {
      if (!wanted.test(hive.path())) {
        others.add(hive.path());
      } else if (hive.cells().blocks(HiveCells.STABLE) == 0) {
        empty.add(hive.path());
      } else {
        chosen.add(hive);
      }
    }
    try {
      if (chosen.size() > 1 && !target.isFolder()) {
        throw new Failure(
            ExitCode.USAGE,
            "--out %s: %d hives are meant: name a folder, with / at its end"
                .formatted(target.out(), chosen.size()));
      }
      for (Hive hive : chosen) {
        exported.add(export(hive));
      }
    } catch (Failure e) {
      failure = e;
    } catch (IOException e) {
      failure =
          new Failure(
              ExitCode.LOCAL,
              "cannot write to %s (%s): make room, or make it writable, or name another place"
                  .formatted(target.out(), Failure.reason(e)),
              e);
    }
  }

  private ExportedHive export(Hive hive) throws IOException {
    String path = hive.path();
    Path file = target.file(exported.size() + 1, path);
    Path sidecar = HiveTarget.sidecar(file);
    MessageDigest digest = sha256();
    RegfFile.Written written;
    try (OutputStream plain = target.open(file)) {
      try (OutputStream out =
          new BufferedOutputStream(new DigestOutputStream(plain, digest), BUFFER)) {
        written = RegfFile.write(hive, out);
      } catch (IOException | RuntimeException e) {
        Files.deleteIfExists(file);
        throw e;
      }
    }
    ExportedHive done =
        new ExportedHive(
            path,
            hive.finding().build(),
            FactFile.build(hive.guest()),
            file,
            written,
            HexFormat.of().formatHex(digest.digest()));
    try (OutputStream out = target.open(sidecar)) {
      out.write(done.text(source).getBytes(StandardCharsets.US_ASCII));
    }
    return done;
  }

  private static MessageDigest sha256() {
    try {
      return MessageDigest.getInstance("SHA-256");
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every Java has SHA-256", e);
    }
  }

  /** What was written. */
  public List<ExportedHive> exported() {
    return List.copyOf(exported);
  }

  /** Paths of hives that are loaded, but were not asked for. */
  public List<String> others() {
    return List.copyOf(others);
  }

  /** Paths of hives that were asked for and have only volatile keys. */
  public List<String> withoutFile() {
    return List.copyOf(empty);
  }

  /** Why more hives may be missing. */
  public List<String> gaps() {
    return List.copyOf(gaps);
  }

  /** What ended it before all was written. */
  public Optional<Failure> failure() {
    return Optional.ofNullable(failure);
  }
}
