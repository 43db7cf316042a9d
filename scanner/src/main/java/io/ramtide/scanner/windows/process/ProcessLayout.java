package io.ramtide.scanner.windows.process;

import io.ramtide.scanner.symbols.Layout;
import io.ramtide.scanner.symbols.StructType;
import io.ramtide.scanner.symbols.SymbolStore;

/**
 * Where a build keeps what is read of a process; offsets in bytes from the EPROCESS's start unless
 * named otherwise.
 *
 * @param headerSizeValue Size byte of its dispatcher header; 0 identifies nothing
 * @param threadProcess in KTHREAD: its process
 * @param threadLink in ETHREAD: its entry in the process's thread list
 */
record ProcessLayout(
    int size,
    int type,
    int headerSize,
    int headerSizeValue,
    int profileListHead,
    int directoryTableBase,
    int kernelThreadList,
    int pid,
    int activeLinks,
    int createTime,
    int exitTime,
    int token,
    int objectTable,
    int parentPid,
    int imageName,
    int threadList,
    int activeThreads,
    int threadProcess,
    int threadLink) {

  /** Length of EPROCESS.ImageFileName. */
  static final int NAME_BYTES = 15;

  static ProcessLayout of(Layout layout) {
    StructType header = SymbolStore.shipped().common().type("DISPATCHER_HEADER");
    StructType kernel = layout.type("KPROCESS");
    StructType process = layout.type("EPROCESS");
    return new ProcessLayout(
        process.size(),
        header.offset("Type"),
        header.offset("Size"),
        layout.processHeaderSize(),
        kernel.offset("ProfileListHead"),
        kernel.offset("DirectoryTableBase"),
        kernel.offset("ThreadListHead"),
        process.offset("UniqueProcessId"),
        process.offset("ActiveProcessLinks"),
        process.offset("CreateTime"),
        process.offset("ExitTime"),
        process.offset("Token"),
        process.offset("ObjectTable"),
        process.offset("InheritedFromUniqueProcessId"),
        process.offset("ImageFileName"),
        process.offset("ThreadListHead"),
        process.offset("ActiveThreads"),
        layout.type("KTHREAD").offset("Process"),
        layout.type("ETHREAD").offset("ThreadListEntry"));
  }
}
