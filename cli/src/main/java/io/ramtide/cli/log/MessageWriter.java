package io.ramtide.cli.log;

import java.io.Writer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Turns lines that a command says into log messages, so that all of standard error is of a kind. */
public final class MessageWriter extends Writer {
  private static final Logger LOG = LoggerFactory.getLogger("io.ramtide.cli.Messages");
  private static final String PREFIX = "ramtide: ";

  private final StringBuilder line = new StringBuilder();

  @Override
  public void write(char[] text, int from, int length) {
    for (int i = from; i < from + length; i++) {
      if (text[i] == '\n') {
        end();
      } else if (text[i] != '\r') {
        line.append(text[i]);
      }
    }
  }

  private void end() {
    String message = line.toString();
    line.setLength(0);
    if (!message.isBlank()) {
      LOG.info("{}", message.startsWith(PREFIX) ? message.substring(PREFIX.length()) : message);
    }
  }

  @Override
  public void flush() {}

  @Override
  public void close() {
    end();
  }
}
