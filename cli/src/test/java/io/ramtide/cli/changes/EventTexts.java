package io.ramtide.cli.changes;

import io.ramtide.schemas.Anomaly;
import io.ramtide.schemas.FileTime;
import io.ramtide.schemas.NetworkEvent;
import io.ramtide.schemas.ProcessEvent;
import io.ramtide.schemas.RegistryEvent;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.HexFormat;

/** Events as one line, so that a test that fails shows what is different. */
final class EventTexts {
  private static final int SHOWN = 8;

  private EventTexts() {}

  /** E.g. {@code started 1234 calc.exe at 2026-...}. */
  static String of(ProcessEvent event) {
    return "%s %d %s at %s"
        .formatted(event.getType(), event.getPid(), event.getImageName(), time(event.getTime()));
  }

  /** E.g. {@code anomaly process-not-in-active-list 1234 calc.exe}. */
  static String of(Anomaly anomaly) {
    return "anomaly %s %d %s"
        .formatted(anomaly.getRule(), anomaly.getPid(), anomaly.getImageName());
  }

  /**
   * E.g. {@code valueSet \REGISTRY\USER\X\Run [a] REG_SZ 4:62000000, was REG_SZ 2:0000 at null}.
   */
  static String of(RegistryEvent event) {
    StringBuilder text = new StringBuilder();
    text.append(event.getType()).append(' ').append(event.getHive());
    if (event.getKey() != null) {
      text.append('\\').append(event.getKey());
    }
    if (event.getValueName() != null) {
      text.append(" [").append(event.getValueName()).append(']');
    }
    if (event.getValueType() != null) {
      text.append(' ').append(event.getValueType()).append(' ');
      text.append(data(bytes(event.getData()), event.getLength()));
    }
    if (event.getOldValueType() != null) {
      text.append(", was ").append(event.getOldValueType()).append(' ');
      text.append(data(bytes(event.getOldData()), event.getOldLength()));
    }
    return text + " at " + time(event.getTime());
  }

  /** Length of a value, begin of its data, and a hash of what an event has of a long one. */
  static String data(byte[] data, Long length) {
    String begin = HexFormat.of().formatHex(data, 0, Math.min(data.length, SHOWN));
    String rest =
        data.length <= SHOWN ? "" : "..%d(%x)".formatted(data.length, Arrays.hashCode(data));
    return "%d:%s%s".formatted(length, begin, rest);
  }

  private static byte[] bytes(ByteBuffer data) {
    byte[] bytes = new byte[data == null ? 0 : data.remaining()];
    if (data != null) {
      data.duplicate().get(bytes);
    }
    return bytes;
  }

  /**
   * E.g. {@code connectionOpened TCP 10.0.0.5:50001 1.2.3.4:443 SYN_SENT a.exe running at null}.
   */
  static String of(NetworkEvent event) {
    StringBuilder text = new StringBuilder();
    text.append(event.getType()).append(' ').append(event.getProtocol()).append(' ');
    text.append(side(event.getLocalAddress(), event.getLocalPort()));
    if (event.getRemotePort() != null) {
      text.append(' ').append(side(event.getRemoteAddress(), event.getRemotePort()));
    }
    if (event.getOldState() != null) {
      text.append(' ').append(event.getOldState()).append(" ->");
    }
    if (event.getState() != null) {
      text.append(' ').append(event.getState());
    }
    text.append(' ').append(event.getProcessName()).append(' ').append(event.getOwner());
    return text + " at " + time(event.getTime());
  }

  private static String side(String address, int port) {
    boolean is6 = address != null && address.indexOf(':') >= 0;
    return (is6 ? "[%s]:%d" : "%s:%d").formatted(address, port);
  }

  private static String time(Long fileTime) {
    return fileTime == null ? null : FileTime.format(fileTime);
  }
}
