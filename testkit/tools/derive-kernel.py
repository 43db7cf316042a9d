#!/usr/bin/env python3
"""Derives one kernel data file of the testkit from a public symbol table.

usage: derive-kernel.py TABLE BUILD BUILD_LAB IMAGE_SIZE > src/main/resources/io/ramtide/testkit/windows/kernels/NAME.json

TABLE is a Volatility 3 symbol table (ISF, .json or .json.xz) of ntkrnlmp.pdb. BUILD, BUILD_LAB and IMAGE_SIZE are not in
a symbol table: they come from the kernel's own version data.
"""
import json
import lzma
import sys

TYPES = {
    "_EPROCESS": ["UniqueProcessId", "ActiveProcessLinks", "CreateTime", "ExitTime", "Token", "ExitStatus", "VadRoot",
                  "InheritedFromUniqueProcessId", "ObjectTable", "Peb", "ImageFileName", "ThreadListHead", "ActiveThreads",
                  "SectionBaseAddress", "PriorityClass", "Session"],
    "_KPROCESS": ["Header", "DirectoryTableBase", "ThreadListHead", "UserDirectoryTableBase", "ProfileListHead",
                  "ProcessListEntry", "BasePriority", "QuantumReset"],
    "_ETHREAD": ["CreateTime", "ExitTime", "Cid", "StartAddress", "Win32StartAddress", "ThreadListEntry"],
    "_KTHREAD": ["Header", "Process", "ThreadListEntry", "StackBase", "StackLimit", "InitialStack", "KernelStack", "Teb",
                 "State", "ApcState"],
    "_OBJECT_HEADER": ["PointerCount", "HandleCount", "TypeIndex", "InfoMask", "QuotaBlockCharged", "SecurityDescriptor",
                       "Body"],
    "_OBJECT_HEADER_QUOTA_INFO": [],
    "_OBJECT_TYPE": ["TypeList", "Name", "Index"],
    "_HANDLE_TABLE": ["TableCode", "QuotaProcess", "UniqueProcessId", "HandleCount"],
    "_LDR_DATA_TABLE_ENTRY": ["InLoadOrderLinks", "DllBase", "EntryPoint", "SizeOfImage", "FullDllName", "BaseDllName"],
    "_KUSER_SHARED_DATA": ["InterruptTime", "SystemTime", "TimeZoneBias", "NtSystemRoot", "NtProductType",
                           "NtMajorVersion", "NtMinorVersion", "NtBuildNumber", "TickCount", "TickCountMultiplier",
                           "NativeProcessorArchitecture", "ProductTypeIsValid", "NumberOfPhysicalPages", "Cookie"],
    "_PEB": ["ImageBaseAddress", "ProcessParameters", "OSMajorVersion", "OSMinorVersion", "OSBuildNumber"],
    "_RTL_USER_PROCESS_PARAMETERS": ["MaximumLength", "Length", "Flags", "ImagePathName", "CommandLine"],
    "_DBGKD_GET_VERSION64": ["MajorVersion", "MinorVersion", "ProtocolVersion", "MachineType", "KernBase",
                             "PsLoadedModuleList", "DebuggerDataList"],
}
OPTIONAL = {"UserDirectoryTableBase", "NtBuildNumber", "HandleCount", "ProcessListEntry", "NativeProcessorArchitecture"}
SYMBOLS = ["PsActiveProcessHead", "PsInitialSystemProcess", "PsIdleProcess", "KiInitialProcess", "KiInitialThread",
           "PsLoadedModuleList", "PspCidTable", "PsProcessType", "PsThreadType", "PsNtosImageBase", "NtBuildLab",
           "NtBuildNumber", "KdDebuggerDataBlock", "KdVersionBlock", "KdpDataBlockEncoded", "KiWaitNever", "KiWaitAlways",
           "KeNumberProcessors", "ObTypeIndexTable", "ObHeaderCookie", "CmNtCSDVersion", "MmPfnDatabase",
           "ObpRootDirectoryObject", "KiProcessorBlock", "MmNonPagedPoolStart"]


def main(path, build, lab, image_size):
    with (lzma.open if path.endswith(".xz") else open)(path, "rt") as f:
        isf = json.load(f)
    types = {}
    for name, fields in TYPES.items():
        source = isf["user_types"][name]
        types[name] = {"size": hex(source["size"]), "fields": {}}
        for field in fields:
            if field in source["fields"]:
                types[name]["fields"][field] = hex(source["fields"][field]["offset"])
            elif field not in OPTIONAL:
                sys.exit(f"{path}: {name} has no field {field}")
    pdb = isf["metadata"]["windows"]["pdb"]
    json.dump({
        "build": int(build),
        "buildRange": [int(build), int(build)],
        "buildLab": lab,
        "pdb": {"file": pdb["database"], "guid": pdb["GUID"], "age": pdb["age"]},
        "source": f"Volatility 3 symbol table (ISF) {pdb['database']}/{pdb['GUID']}-{pdb['age']}.json, "
                  "as published in JPCERTCC/Windows-Symbol-Tables",
        "imageSize": image_size,
        "types": types,
        "symbols": {s: hex(isf["symbols"][s]["address"]) for s in SYMBOLS if s in isf["symbols"]},
    }, sys.stdout, indent=2)
    print()


if __name__ == "__main__":
    if len(sys.argv) != 5:
        sys.exit(__doc__)
    main(*sys.argv[1:])
