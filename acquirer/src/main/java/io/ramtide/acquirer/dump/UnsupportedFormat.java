package io.ramtide.acquirer.dump;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.HexFormat;
import java.util.List;

/**
 * A format that is recognised but not read. Without this list such a file would pass for a raw dump
 * and be captured as nonsense.
 */
final class UnsupportedFormat {
  private static final int LONGEST = 24;
  private static final String DUMP_ELF =
      "dump the guest again with `virsh dump --memory-only --format elf`";
  private static final String CONVERT = "convert it to a raw dump first";
  private static final String NO_MEMORY = "give a memory dump of the guest";
  private static final String VMWARE =
      "give the .vmem file beside it if the guest has less than 3 GiB, else a raw dump";

  private static final List<UnsupportedFormat> ALL =
      List.of(
          text("KDUMP   ", "a kdump-compressed dump", DUMP_ELF),
          text("DISKDUMP", "a diskdump", DUMP_ELF),
          text("makedumpfile", "a flattened makedumpfile dump", DUMP_ELF),
          text("PAGEDU64", "a Windows crash dump (64-bit)", CONVERT),
          text("PAGEDUMP", "a Windows crash dump (32-bit)", CONVERT),
          text("MDMP", "a Windows minidump, which holds no physical memory", NO_MEMORY),
          text("hibr", "a Windows hibernation file", CONVERT),
          text("HIBR", "a Windows hibernation file", CONVERT),
          text("LibvirtQemudSave", "a libvirt save file (virsh save)", DUMP_ELF),
          text("LibvirtQemudPart", "an unfinished libvirt save file (virsh save)", DUMP_ELF),
          text("QEVM", "a QEMU migration stream", DUMP_ELF),
          text("AVML", "a compressed AVML dump", "decompress it with avml-convert"),
          hex("d0bed2be", "a VMware state file (.vmss, .vmsn)", VMWARE),
          hex("d1bad1ba", "a VMware state file (.vmss, .vmsn)", VMWARE),
          hex("d2bed2be", "a VMware state file (.vmss, .vmsn)", VMWARE),
          hex("d3bed3be", "a VMware state file (.vmss, .vmsn)", VMWARE),
          text(
              "\177VirtualBox SavedState",
              "a VirtualBox saved state",
              "write an ELF core with `VBoxManage debugvm NAME dumpvmcore --filename FILE`"),
          hex("1f8b08", "a gzip-compressed file", "decompress it with gunzip"),
          hex("28b52ffd", "a zstd-compressed file", "decompress it with unzstd"),
          hex("fd377a585a00", "an xz-compressed file", "decompress it with unxz"),
          hex("04224d18", "an lz4-compressed file", "decompress it with unlz4"),
          hex("425a6839314159265359", "a bzip2-compressed file", "decompress it with bunzip2"),
          hex("504b0304", "a zip archive", "unpack it"),
          hex("377abcaf271c", "a 7z archive", "unpack it"),
          hex("514649fb", "a qcow2 disk image", NO_MEMORY),
          text("KDMV", "a VMDK disk image", NO_MEMORY));

  private final byte[] magic;
  private final String name;
  private final String advice;

  private UnsupportedFormat(byte[] magic, String name, String advice) {
    this.magic = magic;
    this.name = name;
    this.advice = advice;
  }

  /** Does nothing unless the file begins with the magic of one of the formats. */
  static void refuse(DumpFile file) throws IOException, UnreadableDumpException {
    ByteBuffer head = file.head(0, LONGEST);
    for (UnsupportedFormat format : ALL) {
      if (head.remaining() >= format.magic.length
          && head.slice(0, format.magic.length).equals(ByteBuffer.wrap(format.magic))) {
        throw unsupported(file, format.name, format.advice);
      }
    }
  }

  static UnreadableDumpException unsupported(DumpFile file, String name, String advice) {
    return new UnreadableDumpException(
        "%s: this is %s, which is not supported yet; %s".formatted(file, name, advice));
  }

  private static UnsupportedFormat text(String magic, String name, String advice) {
    return new UnsupportedFormat(magic.getBytes(StandardCharsets.ISO_8859_1), name, advice);
  }

  private static UnsupportedFormat hex(String magic, String name, String advice) {
    return new UnsupportedFormat(HexFormat.of().parseHex(magic), name, advice);
  }
}
