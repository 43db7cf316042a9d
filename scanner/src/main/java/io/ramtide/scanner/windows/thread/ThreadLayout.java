package io.ramtide.scanner.windows.thread;

import io.ramtide.scanner.symbols.Layout;
import io.ramtide.scanner.symbols.StructType;

/**
 * Where a build keeps what is read of a thread; offsets in bytes from the ETHREAD's start, which is
 * also its KTHREAD's, unless named otherwise.
 *
 * @param schedulerLink its entry in the list of its KPROCESS
 * @param processLink its entry in the list of its EPROCESS
 * @param mutants head of the list of mutexes it holds
 * @param processSchedulerList in EPROCESS: head of the scheduler's list of its threads
 * @param processThreadList in EPROCESS: head of the list of its threads
 * @param processPid in EPROCESS
 */
record ThreadLayout(
    int size,
    int headerType,
    int waitList,
    int process,
    int teb,
    int state,
    int waitReason,
    int mutants,
    int schedulerLink,
    int processLink,
    int createTime,
    int exitTime,
    int pid,
    int tid,
    int startAddress,
    int win32StartAddress,
    int processSchedulerList,
    int processThreadList,
    int processPid) {

  static ThreadLayout of(Layout layout) {
    StructType header = layout.type("DISPATCHER_HEADER");
    StructType kernel = layout.type("KTHREAD");
    StructType thread = layout.type("ETHREAD");
    StructType clientId = layout.type("CLIENT_ID");
    StructType process = layout.type("EPROCESS");
    return new ThreadLayout(
        thread.size(),
        header.offset("Type"),
        header.offset("WaitListHead"),
        kernel.offset("Process"),
        kernel.offset("Teb"),
        kernel.offset("State"),
        kernel.offset("WaitReason"),
        kernel.offset("MutantListHead"),
        kernel.offset("ThreadListEntry"),
        thread.offset("ThreadListEntry"),
        thread.offset("CreateTime"),
        thread.offset("ExitTime"),
        thread.offset("Cid") + clientId.offset("UniqueProcess"),
        thread.offset("Cid") + clientId.offset("UniqueThread"),
        thread.offset("StartAddress"),
        thread.offset("Win32StartAddress"),
        layout.type("KPROCESS").offset("ThreadListHead"),
        process.offset("ThreadListHead"),
        process.offset("UniqueProcessId"));
  }
}
