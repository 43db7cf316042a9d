package io.ramtide.cli;

import io.ramtide.cli.command.Ramtide;
import io.ramtide.cli.term.ExitCode;
import io.ramtide.cli.term.Failure;
import io.ramtide.cli.term.Printable;
import io.ramtide.schemas.AvroSafety;
import java.io.BufferedWriter;
import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.io.OutputStreamWriter;
import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;

/** Where the program begins. */
public final class Main {
  private Main() {}

  public static void main(String[] args) {
    AvroSafety.apply();
    System.exit(run(args));
  }

  private static int run(String[] args) {
    PrintWriter out = writer(FileDescriptor.out);
    PrintWriter err = writer(FileDescriptor.err);
    try {
      return Ramtide.commandLine(out, err).execute(args);
    } catch (OutOfMemoryError e) {
      err.println("ramtide: out of memory: give it more with RAMTIDE_JAVA_OPTS=-Xmx2g");
      return ExitCode.INTERNAL.code();
    } catch (Throwable e) {
      err.println("ramtide: internal error: " + Printable.of(Failure.reason(e)));
      return ExitCode.INTERNAL.code();
    } finally {
      out.flush();
      err.flush();
    }
  }

  private static PrintWriter writer(FileDescriptor descriptor) {
    return new PrintWriter(
        new BufferedWriter(
            new OutputStreamWriter(new FileOutputStream(descriptor), StandardCharsets.UTF_8)));
  }
}
