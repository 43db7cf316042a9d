#!/usr/bin/env python3
"""Derives one kernel data file of the testkit from a public symbol table.

usage: derive-kernel.py TABLE BUILD BUILD_LAB IMAGE_SIZE [PDB_GUID AGE KERNEL] > .../windows/kernels/NAME.json

TABLE is a Volatility 3 symbol table (ISF, .json or .json.xz) of ntkrnlmp.pdb. BUILD, BUILD_LAB and IMAGE_SIZE are not in
a symbol table: they come from the kernel's own version data. IMAGE_SIZE - takes what the highest symbol asks for.

TABLE may also be a file of Volatility 2's structure types (..._vtypes.py), which has no symbols: their RVAs are then
taken from KERNEL, an earlier output of this script, and are not those of the real kernel; give it an invented PDB_GUID.
"""
import ast
import json
import lzma
import os
import sys

# Type: its fields. "A|B" takes the first that the kernel has and calls it A; a dot goes into a structure inside.
TYPES = {
    "_EPROCESS": ["UniqueProcessId", "ActiveProcessLinks", "CreateTime", "ExitTime", "Token", "ExitStatus", "VadRoot",
                  "InheritedFromUniqueProcessId", "ObjectTable", "Peb", "ImageFileName", "ThreadListHead", "ActiveThreads",
                  "SectionBaseAddress", "PriorityClass", "Session", "SectionObject", "SessionProcessLinks", "MmProcessLinks",
                  "SeAuditProcessCreationInfo.ImageFileName", "ImageFilePointer", "WoW64Process|Wow64Process", "VadCount"],
    "_KPROCESS": ["Header", "DirectoryTableBase", "ThreadListHead", "UserDirectoryTableBase", "ProfileListHead",
                  "ProcessListEntry", "BasePriority", "QuantumReset"],
    "_ETHREAD": ["CreateTime", "ExitTime", "Cid", "StartAddress", "Win32StartAddress", "ThreadListEntry", "CrossThreadFlags"],
    "_KTHREAD": ["Header", "Process", "ThreadListEntry", "StackBase", "StackLimit", "InitialStack", "KernelStack", "Teb",
                 "State", "WaitReason", "ApcState", "ApcState.Process", "MutantListHead"],
    "_OBJECT_HEADER": ["PointerCount", "HandleCount", "TypeIndex", "InfoMask", "QuotaBlockCharged", "SecurityDescriptor",
                       "Body"],
    "_OBJECT_HEADER_CREATOR_INFO": [],
    "_OBJECT_HEADER_NAME_INFO": ["Directory", "Name"],
    "_OBJECT_HEADER_HANDLE_INFO": [],
    "_OBJECT_HEADER_QUOTA_INFO": [],
    "_OBJECT_HEADER_PROCESS_INFO": [],
    "_OBJECT_TYPE": ["TypeList", "Name", "Index"],
    "_OBJECT_DIRECTORY": ["HashBuckets"],
    "_OBJECT_DIRECTORY_ENTRY": ["ChainLink", "Object"],
    "_OBJECT_SYMBOLIC_LINK": ["CreationTime", "LinkTarget"],
    "_KMUTANT": ["Header", "MutantListEntry", "OwnerThread", "Abandoned"],
    "_FILE_OBJECT": ["Type", "Size", "DeviceObject", "Vpb", "FsContext", "SectionObjectPointer", "ReadAccess", "WriteAccess",
                     "DeleteAccess", "SharedRead", "SharedWrite", "SharedDelete", "Flags", "FileName"],
    "_SECTION_OBJECT_POINTERS": ["DataSectionObject", "SharedCacheMap", "ImageSectionObject"],
    "_DEVICE_OBJECT": ["Type", "Size", "ReferenceCount", "DriverObject", "NextDevice", "AttachedDevice", "DeviceType"],
    "_DRIVER_OBJECT": ["Type", "Size", "DeviceObject", "Flags", "DriverStart", "DriverSize", "DriverSection",
                       "DriverExtension", "DriverName", "DriverInit", "DriverUnload", "MajorFunction"],
    "_DRIVER_EXTENSION": ["DriverObject", "ServiceKeyName"],
    "_HANDLE_TABLE": ["TableCode", "QuotaProcess", "UniqueProcessId", "HandleTableList", "HandleCount", "FreeLists",
                      "NextHandleNeedingPool"],
    "_HANDLE_TABLE_FREE_LIST": ["HandleCount"],
    "_HANDLE_TABLE_ENTRY": ["Object", "GrantedAccess|GrantedAccessBits", "ObjectPointerBits", "Attributes", "RefCnt",
                            "Unlocked"],
    "_TOKEN": ["TokenSource", "TokenId", "AuthenticationId", "Privileges.Present", "Privileges.Enabled",
               "Privileges.EnabledByDefault", "SessionId", "UserAndGroupCount", "UserAndGroups", "TokenType", "TokenFlags",
               "IntegrityLevelIndex", "MandatoryPolicy", "VariablePart"],
    "_SID_AND_ATTRIBUTES": ["Sid", "Attributes"],
    "_CM_KEY_BODY": ["Type", "KeyControlBlock"],
    "_CM_KEY_CONTROL_BLOCK": ["ParentKcb", "NameBlock"],
    "_CM_NAME_CONTROL_BLOCK": ["Compressed", "NameLength", "Name"],
    "_CMHIVE": ["HiveList", "FileFullPath", "FileUserName", "HiveRootPath"],
    "_HHIVE": ["Signature", "GetCellRoutine", "Allocate", "Free", "BaseBlock", "Cluster", "HiveFlags", "StorageTypeCount",
               "Version", "Storage"],
    "_DUAL": ["Length", "Map", "SmallDir", "Guard"],
    "_HMAP_DIRECTORY": [],
    "_HMAP_TABLE": [],
    "_HMAP_ENTRY": ["BlockAddress", "BinAddress", "BlockOffset", "PermanentBinAddress", "MemAlloc"],
    "_HBASE_BLOCK": ["Signature", "Sequence1", "Sequence2", "TimeStamp", "Major", "Minor", "Type", "Format", "RootCell",
                     "Length", "Cluster", "FileName", "CheckSum"],
    "_HBIN": ["Signature", "FileOffset", "Size", "TimeStamp"],
    "_CM_KEY_NODE": ["Signature", "Flags", "LastWriteTime", "Parent", "SubKeyCounts", "SubKeyLists", "ChildHiveReference",
                     "ValueList", "Security", "Class", "MaxNameLen", "MaxClassLen", "MaxValueNameLen", "MaxValueDataLen",
                     "NameLength", "ClassLength", "Name"],
    "_CM_KEY_REFERENCE": ["KeyCell", "KeyHive"],
    "_CHILD_LIST": ["Count", "List"],
    "_CM_KEY_INDEX": ["Signature", "Count", "List"],
    "_CM_KEY_VALUE": ["Signature", "NameLength", "DataLength", "Data", "Type", "Flags", "Name"],
    "_CM_BIG_DATA": ["Signature", "Count", "List"],
    "_CM_KEY_SECURITY": ["Signature", "Flink", "Blink", "ReferenceCount", "DescriptorLength", "Descriptor"],
    "_POOL_TRACKER_BIG_PAGES": ["Va", "Key", "PoolType", "NumberOfBytes"],
    "_MM_SESSION_SPACE": ["SessionId", "ProcessList"],
    "_EWOW64PROCESS": ["Peb", "Machine", "NtdllType"],
    "_LDR_DATA_TABLE_ENTRY": ["InLoadOrderLinks", "InMemoryOrderLinks", "InInitializationOrderLinks", "DllBase",
                              "EntryPoint", "SizeOfImage", "FullDllName", "BaseDllName", "Flags", "LoadTime",
                              "LoadCount|ObsoleteLoadCount", "TimeDateStamp"],
    "_PEB_LDR_DATA": ["Length", "Initialized", "InLoadOrderModuleList", "InMemoryOrderModuleList",
                      "InInitializationOrderModuleList"],
    "_KUSER_SHARED_DATA": ["InterruptTime", "SystemTime", "TimeZoneBias", "NtSystemRoot", "NtProductType",
                           "NtMajorVersion", "NtMinorVersion", "NtBuildNumber", "TickCount", "TickCountMultiplier",
                           "NativeProcessorArchitecture", "ProductTypeIsValid", "NumberOfPhysicalPages", "Cookie",
                           "Reserved1", "Reserved3"],
    "_PEB": ["ImageBaseAddress", "Ldr", "ProcessParameters", "SessionId", "OSMajorVersion", "OSMinorVersion",
             "OSBuildNumber", "NumberOfProcessors"],
    "_PEB32": ["ImageBaseAddress", "Ldr", "ProcessParameters", "SessionId"],
    "_RTL_USER_PROCESS_PARAMETERS": ["MaximumLength", "Length", "Flags", "CurrentDirectory.DosPath", "ImagePathName",
                                     "CommandLine", "Environment", "EnvironmentSize"],
    "_TEB": ["NtTib.StackBase", "NtTib.StackLimit", "NtTib.Self", "ClientId", "ProcessEnvironmentBlock"],
    "_MM_AVL_TABLE": ["BalancedRoot.RightChild", "NumberGenericTableElements"],
    "_RTL_AVL_TREE": ["Root"],
    "_MMVAD_SHORT": ["Left|LeftChild|VadNode.Left", "Right|RightChild|VadNode.Right",
                     "Parent|u1.Parent|VadNode.ParentValue", "StartingVpn", "EndingVpn", "StartingVpnHigh", "EndingVpnHigh",
                     "VadType|u.VadFlags.VadType", "Protection|u.VadFlags.Protection",
                     "PrivateMemory|u.VadFlags.PrivateMemory", "MemCommit|u.VadFlags.MemCommit|u1.VadFlags1.MemCommit",
                     "CommitCharge|u.VadFlags.CommitCharge|u1.VadFlags1.CommitCharge"],
    "_MMVAD": ["Subsection", "FirstPrototypePte", "LastContiguousPte", "FileObject"],
    "_CONTROL_AREA": ["Segment", "Image|u.Flags.Image", "File|u.Flags.File", "FilePointer", "NumberOfSectionReferences",
                      "NumberOfMappedViews"],
    "_SEGMENT": ["ControlArea", "TotalNumberOfPtes", "SizeOfSegment", "BasedAddress|u1.BasedAddress", "PrototypePte"],
    "_SUBSECTION": ["ControlArea", "SubsectionBase", "PtesInSubsection", "StartingSector"],
    "_SECTION": ["StartingVpn", "EndingVpn", "ControlArea|u1.ControlArea", "SizeOfSection", "Image|u.Flags.Image",
                 "File|u.Flags.File"],
    "_SECTION_OBJECT": ["StartingVa", "EndingVa", "Segment"],
    "_SEGMENT_OBJECT": ["BaseAddress", "SizeOfSegment", "ControlArea", "Subsection"],
    "_MMPTE_SOFTWARE": ["SwizzleBit", "Protection", "Prototype", "Transition", "PageFileLow", "PageFileHigh"],
    "_MMPTE_TRANSITION": ["SwizzleBit", "Protection", "Prototype", "Transition", "PageFrameNumber"],
    "_MMPTE_PROTOTYPE": ["SwizzleBit", "Protection", "Prototype", "ReadOnly", "ProtoAddress"],
    "_MMPTE_SUBSECTION": ["SwizzleBit", "Protection", "Prototype", "SubsectionAddress"],
    "_MI_SYSTEM_INFORMATION": ["Hardware.InvalidPteMask"],
    "_DBGKD_GET_VERSION64": ["MajorVersion", "MinorVersion", "ProtocolVersion", "MachineType", "KernBase",
                             "PsLoadedModuleList", "DebuggerDataList"],
}
SYMBOLS = ["PsActiveProcessHead", "PsInitialSystemProcess", "PsIdleProcess", "KiInitialProcess", "KiInitialThread",
           "PsLoadedModuleList", "PspCidTable", "PsProcessType", "PsThreadType", "PsNtosImageBase", "NtBuildLab",
           "NtBuildNumber", "KdDebuggerDataBlock", "KdVersionBlock", "KdpDataBlockEncoded", "KiWaitNever", "KiWaitAlways",
           "KeNumberProcessors", "ObTypeIndexTable", "ObHeaderCookie", "CmNtCSDVersion", "MmPfnDatabase",
           "ObpRootDirectoryObject", "KiProcessorBlock", "MmNonPagedPoolStart", "ObpInfoMaskToOffset", "HandleTableListHead",
           "KiServiceTable", "KiServiceLimit", "KeServiceDescriptorTable", "KeServiceDescriptorTableShadow",
           "ObpCaptureHandleInformationEx", "PspCreateProcessNotifyRoutine", "PspCreateThreadNotifyRoutine",
           "PspLoadImageNotifyRoutine", "PspCreateProcessNotifyRoutineCount", "PspCreateProcessNotifyRoutineExCount",
           "PspCreateThreadNotifyRoutineCount", "PspLoadImageNotifyRoutineCount", "CmpCallBackVector", "CmpCallBackCount",
           "CallbackListHead", "KeBugCheckCallbackListHead", "KeBugCheckReasonCallbackListHead",
           "IopNotifyShutdownQueueHead", "IopFsNotifyChangeQueueHead", "MiState", "MmProcessList", "PoolBigPageTable",
           "PoolBigPageTableSize", "SeTokenObjectType", "IoFileObjectType", "IoDriverObjectType", "ExMutantObjectType",
           "MmProtectToValue", "IopNotifyLastChanceShutdownQueueHead", "KeBugCheckAddPagesCallbackListHead",
           "KeBugCheckAddRemovePagesCallbackListHead", "PnpProfileNotifyList", "RtlpDebugPrintCallbackList",
           "MmUnloadedDrivers", "MmLastUnloadedDriver", "CmpHiveListHead", "KiSystemCall64"]
SERVICES = 48  # services of the table in the image, the first by name


def resolve(types, name, path):
    """Offset of a field: "0x18", or "0x18:3:5" for 5 bits from bit 3 on."""
    at, bits = 0, ""
    for part in path.split("."):
        field = types.get(name, (0, {}))[1].get(part)
        if field is None:
            return None
        offset, name, bits = field
        at += offset
    return hex(at) + bits


def isf_field(field):
    kind = field["type"]
    if kind["kind"] == "bitfield":
        return field["offset"], None, f":{kind['bit_position']}:{kind['bit_length']}"
    return field["offset"], kind.get("name"), ""


def read_isf(path):
    with (lzma.open if path.endswith(".xz") else open)(path, "rt") as f:
        isf = json.load(f)
    types = {name: (t["size"], {f: isf_field(v) for f, v in t["fields"].items()}) for name, t in isf["user_types"].items()}
    pdb = isf["metadata"]["windows"]["pdb"]
    source = (f"Volatility 3 symbol table (ISF) {pdb['database']}/{pdb['GUID']}-{pdb['age']}.json, "
              "as published in JPCERTCC/Windows-Symbol-Tables")
    symbols = {s: hex(isf["symbols"][s]["address"]) for s in SYMBOLS if s in isf["symbols"]}
    services = sorted(s for s in isf["symbols"] if s.startswith("Nt") and s[2:3].isupper() and s[3:4].islower()
                      and not s.endswith(("Ex2", "$filt$0")) and s not in SYMBOLS and "$" not in s)
    chosen = services[::max(1, len(services) // SERVICES)][:SERVICES]
    services = {s: hex(isf["symbols"][s]["address"]) for s in chosen}
    highest = max(s["address"] for s in isf["symbols"].values())
    return types, {"file": pdb["database"], "guid": pdb["GUID"], "age": pdb["age"]}, source, symbols, services, highest


def vtypes_field(place):
    offset, (kind, *more) = place.elts[0].value, place.elts[1].elts
    if kind.value == "BitField":  # a dict(start_bit = a, end_bit = b) follows
        bits = {word.arg: word.value.value for word in more[0].keywords} if isinstance(more[0], ast.Call) \
            else ast.literal_eval(more[0])
        start = bits.get("start_bit", 0)
        return offset, None, f":{start}:{bits['end_bit'] - start}"
    return offset, kind.value, ""


def read_vtypes(path, guid, age, kernel):
    # The file is Python, but it is read as data: {type: [size, {field: [offset, [type, ...]]}]}.
    with open(path) as f:
        tree = ast.parse(f.read())
    (table,) = [node.value for node in tree.body
                if isinstance(node, ast.Assign) and node.targets[0].id == "ntkrnlmp_types"]
    types = {}
    for name, description in zip(table.keys, table.values):
        size, fields = description.elts
        types[name.value] = (size.value, {field.value: vtypes_field(place)
                                          for field, place in zip(fields.keys, fields.values)})
    with open(kernel) as f:
        other = json.load(f)
    source = (f"structures: Volatility 2 {os.path.basename(path)}; PDB GUID: invented; symbol RVAs: those of another kernel "
              f"({os.path.basename(kernel)}), not this kernel's own")
    pdb = {"file": "ntkrnlmp.pdb", "guid": guid, "age": int(age)}
    return types, pdb, source, other["symbols"], other["services"], 0


def pick(types, name, fields):
    size, _ = types[name]
    picked = {}
    for field in fields:
        for path in field.split("|"):
            at = resolve(types, name, path)
            if at is not None:
                picked[field.split("|")[0]] = at
                break
    return {"size": hex(size), "fields": picked}


def main(path, build, lab, image_size, *vtypes):
    types, pdb, source, symbols, services, highest = read_vtypes(path, *vtypes) if vtypes else read_isf(path)
    if image_size == "-":
        image_size = hex((highest + 0xfff & -0x1000) + 0x4000)
    json.dump({
        "build": int(build),
        "buildRange": [int(build), int(build)],
        "buildLab": lab,
        "pdb": pdb,
        "source": source,
        "imageSize": image_size,
        "types": {name: pick(types, name, fields) for name, fields in TYPES.items() if name in types},
        "symbols": symbols,
        "services": services,
    }, sys.stdout, indent=2)
    print()


if __name__ == "__main__":
    if len(sys.argv) not in (5, 8):
        sys.exit(__doc__)
    main(*sys.argv[1:])
