package io.ramtide.scanner.windows.hive.regf;

import com.fasterxml.jackson.databind.JsonNode;
import io.ramtide.scanner.symbols.StructType;
import io.ramtide.scanner.windows.guest.FactFile;
import io.ramtide.scanner.windows.hive.Hive;
import io.ramtide.scanner.windows.hive.HiveCells;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;

/** The base block of a file: as memory has it, or made anew, and such that tools take it. */
final class RegfBase {
  private RegfBase() {}

  static byte[] of(Hive hive) {
    StructType type = hive.guest().type("HBASE_BLOCK");
    JsonNode facts = FactFile.read(RegfBase.class, "regf.json").json();
    byte[] bytes = new byte[HiveCells.BLOCK];
    ByteBuffer base = ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN);
    hive.baseBlock()
        .ifPresentOrElse(
            known -> known.get(0, bytes),
            () -> {
              byte[] signature =
                  facts.path("signature").asText().getBytes(StandardCharsets.US_ASCII);
              base.put(type.offset("Signature"), signature);
              base.putInt(type.offset("Major"), facts.path("major").asInt());
              base.putInt(type.offset("Minor"), facts.path("minor").asInt());
              base.putInt(type.offset("Cluster"), facts.path("cluster").asInt());
              base.putInt(type.offset("RootCell"), hive.rootCell());
            });
    base.putInt(type.offset("Type"), facts.path("type").asInt());
    base.putInt(type.offset("Format"), facts.path("format").asInt());
    base.putInt(type.offset("Length"), hive.cells().blocks(HiveCells.STABLE) * HiveCells.BLOCK);
    base.putInt(type.offset("Sequence2"), base.getInt(type.offset("Sequence1")));
    base.putInt(type.offset("CheckSum"), checkSum(base, type.offset("CheckSum")));
    return bytes;
  }

  /** XOR of all words before it; two values are avoided. */
  private static int checkSum(ByteBuffer base, int end) {
    int sum = 0;
    for (int at = 0; at < end; at += Integer.BYTES) {
      sum ^= base.getInt(at);
    }
    return sum == -1 ? -2 : sum == 0 ? 1 : sum;
  }
}
