package io.ramtide.scanner.windows;

import io.ramtide.scanner.paging.AddressSpace;
import io.ramtide.scanner.symbols.Layout;
import io.ramtide.scanner.symbols.StructType;
import io.ramtide.scanner.windows.kernel.Kernel;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;

/**
 * Tries a layout on what a sample of processes refers to: threads, handle tables, tokens, VADs and
 * lists. Each check needs two structures to agree, so that hardly any wrong offset passes. What
 * cannot be read, or holds nothing but zeros, counts neither way.
 */
final class LayoutChecks {
  private static final long FAST_REF = 0xf;
  private static final long USER_END = 1L << 47;
  private static final long MAX_VPN = USER_END >> 12;
  private static final int PRIMARY_TOKEN = 1;

  private final Layout layout;
  private final Kernel kernel;
  private final AddressSpace space;
  private final StructType process;
  private final Map<String, Tally> tallies = new LinkedHashMap<>();

  /** How a check went. */
  static final class Tally {
    private int passed;
    private int failed;

    int passed() {
      return passed;
    }

    int tried() {
      return passed + failed;
    }

    @Override
    public String toString() {
      return passed + " of " + tried();
    }
  }

  private LayoutChecks(Layout layout, Kernel kernel) {
    this.layout = layout;
    this.kernel = kernel;
    this.space = kernel.space();
    this.process = layout.type("EPROCESS");
  }

  /**
   * Checks a layout.
   *
   * @param processes VAs of what it takes for processes
   * @return by name of the check, those that could be tried
   */
  static Map<String, Tally> of(Layout layout, Kernel kernel, List<Long> processes) {
    LayoutChecks checks = new LayoutChecks(layout, kernel);
    for (long va : processes) {
      checks.add("thread", va, checks::threadNamesIt);
      checks.add("handle table", va, checks::handleTableNamesIt);
      checks.add("token", va, checks::tokenIsPrimary);
      checks.add("VAD", va, checks::vadIsARange);
      checks.add("PEB", va, checks::pebIsAUserPage);
      checks.add("memory list", va, at -> checks.linksBack(at, "MmProcessLinks"));
      checks.add("session list", va, at -> checks.linksBack(at, "SessionProcessLinks"));
    }
    return checks.tallies;
  }

  /** Answers whether a process is as the layout says; empty if that cannot be told. */
  @FunctionalInterface
  private interface Check {
    Optional<Boolean> passes(long process);
  }

  private void add(String name, long va, Check check) {
    check
        .passes(va)
        .ifPresent(
            passed -> {
              Tally tally = tallies.computeIfAbsent(name, key -> new Tally());
              if (passed) {
                tally.passed++;
              } else {
                tally.failed++;
              }
            });
  }

  private Optional<Boolean> threadNamesIt(long va) {
    long head = va + process.offset("ThreadListHead");
    OptionalLong first = space.qword(head);
    OptionalLong pid = space.qword(va + process.offset("UniqueProcessId"));
    if (first.isEmpty() || pid.isEmpty() || first.getAsLong() == head) {
      return Optional.empty();
    }
    StructType type = layout.type("ETHREAD");
    long thread = first.getAsLong() - type.offset("ThreadListEntry");
    OptionalLong owner = space.qword(thread + layout.type("KTHREAD").offset("Process"));
    OptionalLong named =
        space.qword(thread + type.offset("Cid") + layout.type("CLIENT_ID").offset("UniqueProcess"));
    return owner.isEmpty() || named.isEmpty() || (owner.getAsLong() | named.getAsLong()) == 0
        ? Optional.empty()
        : Optional.of(owner.getAsLong() == va && named.getAsLong() == pid.getAsLong());
  }

  private Optional<Boolean> handleTableNamesIt(long va) {
    OptionalLong table = pointer(va, "ObjectTable", 0);
    StructType type = layout.type("HANDLE_TABLE");
    if (table.isEmpty() || !type.has("UniqueProcessId")) {
      return Optional.empty();
    }
    OptionalLong pid = space.dword(va + process.offset("UniqueProcessId"));
    OptionalLong named = space.dword(table.getAsLong() + type.offset("UniqueProcessId"));
    return pid.isEmpty() || named.isEmpty() || named.getAsLong() == 0
        ? Optional.empty()
        : Optional.of(pid.getAsLong() == named.getAsLong());
  }

  /** A token's source is eight characters of text, padded by blanks or zeros. */
  private Optional<Boolean> tokenIsPrimary(long va) {
    OptionalLong token = pointer(va, "Token", FAST_REF);
    StructType type = layout.type("TOKEN");
    if (token.isEmpty() || !type.has("TokenType") || !type.has("TokenSource")) {
      return Optional.empty();
    }
    byte[] source = new byte[Long.BYTES];
    long at = token.getAsLong() + type.offset("TokenSource");
    OptionalLong kind = space.dword(token.getAsLong() + type.offset("TokenType"));
    if (kind.isEmpty() || !space.read(at, source, 0, source.length).isComplete()) {
      return Optional.empty();
    }
    if (kind.getAsLong() == 0 && Arrays.equals(source, new byte[source.length])) {
      return Optional.empty();
    }
    String text = new String(source, StandardCharsets.ISO_8859_1);
    return Optional.of(kind.getAsLong() == PRIMARY_TOKEN && text.matches("[ -~]{2}[ -~\\x00]{6}"));
  }

  private Optional<Boolean> vadIsARange(long va) {
    boolean isTable = layout.has("MM_AVL_TABLE") && layout.type("MM_AVL_TABLE").has("BalancedRoot");
    OptionalLong root = pointer(va, "VadRoot", 0);
    StructType node = layout.type("MMVAD_SHORT");
    if (isTable) {
      long top = va + process.offset("VadRoot");
      root =
          pointerAt(
              top
                  + layout.type("MM_AVL_TABLE").offset("BalancedRoot")
                  + layout.type("MMADDRESS_NODE").offset("RightChild"),
              0);
    }
    if (root.isEmpty() || !node.has("StartingVpn") || !node.has("EndingVpn")) {
      return Optional.empty();
    }
    OptionalLong start = vpn(root.getAsLong(), node, "StartingVpn");
    OptionalLong end = vpn(root.getAsLong(), node, "EndingVpn");
    if (start.isEmpty() || end.isEmpty() || (start.getAsLong() | end.getAsLong()) == 0) {
      return Optional.empty();
    }
    return Optional.of(
        start.getAsLong() > 0 && start.getAsLong() <= end.getAsLong() && end.getAsLong() < MAX_VPN);
  }

  /** Four bytes and, in a byte elsewhere, the bits above; or eight. */
  private OptionalLong vpn(long node, StructType type, String field) {
    if (!type.has(field + "High")) {
      return space.qword(node + type.offset(field));
    }
    OptionalLong low = space.dword(node + type.offset(field));
    OptionalLong high = space.dword(node + type.offset(field + "High"));
    return low.isEmpty() || high.isEmpty()
        ? OptionalLong.empty()
        : OptionalLong.of((high.getAsLong() & 0xff) << Integer.SIZE | low.getAsLong());
  }

  private Optional<Boolean> pebIsAUserPage(long va) {
    OptionalLong peb = space.qword(va + process.offset("Peb"));
    if (peb.isEmpty() || peb.getAsLong() == 0) {
      return Optional.empty();
    }
    return Optional.of(peb.getAsLong() > 0 && peb.getAsLong() < USER_END && isPage(peb));
  }

  private static boolean isPage(OptionalLong va) {
    return va.getAsLong() % (1 << 12) == 0;
  }

  private Optional<Boolean> linksBack(long va, String field) {
    if (!process.has(field)) {
      return Optional.empty();
    }
    OptionalLong next = pointer(va, field, 0);
    OptionalLong back = next.isEmpty() ? next : space.qword(next.getAsLong() + Long.BYTES);
    return back.isEmpty() || back.getAsLong() == 0
        ? Optional.empty()
        : Optional.of(back.getAsLong() == va + process.offset(field));
  }

  private OptionalLong pointer(long va, String field, long lowBits) {
    return pointerAt(va + process.offset(field), lowBits);
  }

  /** Empty if it cannot be read, or is null. */
  private OptionalLong pointerAt(long va, long lowBits) {
    OptionalLong value = space.qword(va);
    return value.isPresent() && kernel.isKernelAddress(value.getAsLong() & ~lowBits)
        ? OptionalLong.of(value.getAsLong() & ~lowBits)
        : OptionalLong.empty();
  }
}
