#!/usr/bin/env python3
"""Derives one kernel data file of the testkit from a public symbol table.

usage: derive-kernel.py TABLE BUILD BUILD_LAB IMAGE_SIZE [PDB_GUID AGE KERNEL] > .../windows/kernels/NAME.json

TABLE is a Volatility 3 symbol table (ISF, .json or .json.xz) of ntkrnlmp.pdb. BUILD, BUILD_LAB and IMAGE_SIZE are not in
a symbol table: they come from the kernel's own version data.

TABLE may also be a file of Volatility 2's structure types (..._vtypes.py), which has no symbols: their RVAs are then
taken from KERNEL, an earlier output of this script, and are not those of the real kernel; give it an invented PDB_GUID.
"""
import ast
import json
import lzma
import os
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
                           "NativeProcessorArchitecture", "ProductTypeIsValid", "NumberOfPhysicalPages", "Cookie",
                           "Reserved1", "Reserved3"],
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


def read_isf(path):
    with (lzma.open if path.endswith(".xz") else open)(path, "rt") as f:
        isf = json.load(f)
    types = {name: (t["size"], {f: v["offset"] for f, v in t["fields"].items()}) for name, t in isf["user_types"].items()}
    pdb = isf["metadata"]["windows"]["pdb"]
    source = (f"Volatility 3 symbol table (ISF) {pdb['database']}/{pdb['GUID']}-{pdb['age']}.json, "
              "as published in JPCERTCC/Windows-Symbol-Tables")
    symbols = {s: hex(isf["symbols"][s]["address"]) for s in SYMBOLS if s in isf["symbols"]}
    return types, {"file": pdb["database"], "guid": pdb["GUID"], "age": pdb["age"]}, source, symbols


def read_vtypes(path, guid, age, kernel):
    # The file is Python, but it is read as data: {type: [size, {field: [offset, ...]}]}.
    with open(path) as f:
        tree = ast.parse(f.read())
    (table,) = [node.value for node in tree.body
                if isinstance(node, ast.Assign) and node.targets[0].id == "ntkrnlmp_types"]
    types = {}
    for name, description in zip(table.keys, table.values):
        size, fields = description.elts
        types[name.value] = (size.value, {field.value: place.elts[0].value
                                          for field, place in zip(fields.keys, fields.values)})
    with open(kernel) as f:
        symbols = json.load(f)["symbols"]
    source = (f"structures: Volatility 2 {os.path.basename(path)}; PDB GUID: invented; symbol RVAs: those of another kernel "
              f"({os.path.basename(kernel)}), not this kernel's own")
    return types, {"file": "ntkrnlmp.pdb", "guid": guid, "age": int(age)}, source, symbols


def main(path, build, lab, image_size, *vtypes):
    known, pdb, source, symbols = read_vtypes(path, *vtypes) if vtypes else read_isf(path)
    types = {}
    for name, fields in TYPES.items():
        size, offsets = known[name]
        types[name] = {"size": hex(size), "fields": {}}
        for field in fields:
            if field in offsets:
                types[name]["fields"][field] = hex(offsets[field])
            elif field not in OPTIONAL:
                sys.exit(f"{path}: {name} has no field {field}")
    json.dump({
        "build": int(build),
        "buildRange": [int(build), int(build)],
        "buildLab": lab,
        "pdb": pdb,
        "source": source,
        "imageSize": image_size,
        "types": types,
        "symbols": symbols,
    }, sys.stdout, indent=2)
    print()


if __name__ == "__main__":
    if len(sys.argv) not in (5, 8):
        sys.exit(__doc__)
    main(*sys.argv[1:])
