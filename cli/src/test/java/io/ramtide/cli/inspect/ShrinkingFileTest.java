package io.ramtide.cli.inspect;

import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.ramtide.acquirer.Progress;
import io.ramtide.cli.term.Failure;
import io.ramtide.scanner.symbols.SymbolStore;
import io.ramtide.scanner.windows.guest.Request;
import io.ramtide.scanner.windows.guest.What;
import io.ramtide.testkit.SimulatedGuest;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Clock;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ShrinkingFileTest {
  /** A mapping of a file that was cut is a fault of the JVM, which must not reach the user. */
  @Test
  void dumpThatIsCutWhileItIsScanned_isAFailureThatSaysSo(@TempDir Path folder) throws Exception {
    Path file = folder.resolve("guest.raw");
    SimulatedGuest.windows7(1).boot().snapshot().writeRaw(file);
    try (FileChannel channel = FileChannel.open(file, StandardOpenOption.WRITE)) {
      Progress cut =
          (done, total) -> {
            try {
              channel.truncate(4096);
            } catch (IOException e) {
              throw new UncheckedIOException(e);
            }
          };
      assertThatThrownBy(
              () ->
                  Inspection.of(
                      file,
                      SymbolStore.shipped(),
                      Clock.systemUTC(),
                      cut,
                      Request.of(What.all()),
                      finding -> {}))
          .isInstanceOf(Failure.class)
          .hasMessageContaining(file.toString())
          .hasMessageContaining("has shrunk");
    }
  }
}
