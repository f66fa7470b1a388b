// SPDX-License-Identifier: GPL-2.0-or-later

import CShims
import Glibc
import SystemPackage

/// The processors that this process may use.
public struct ProcessorFacts: Sendable {
  /// Processors that the system runs.
  public let online: Int
  /// Those in the affinity mask of this process.
  public let allowed: Int
  /// What the control groups allow; nil without a limit.
  public let quota: Double?
  /// Workers that run at the same time.
  public var usable: Int { availableProcessors() }

  /// Asks the system.
  public init() {
    online = max(1, sysconf(Int32(_SC_NPROCESSORS_ONLN)))
    allowed = max(1, Int(shim_affinity_count()))
    quota = controlGroupQuota("")
  }
}

/// The memory of this machine.
public struct MemoryFacts: Sendable {
  /// Bytes that the machine has.
  public let total: Int
  /// Bytes that this process and its workers can still use; nil if the system does not report it.
  public let available: Int?
  /// What limits them, as a clause: "on this machine".
  public let bound: String?
  /// Bytes without which the shortest recordings fail: in address space what the program itself takes and a megabyte
  /// for a transform; else what a recording of half a minute takes with its workers, measured.
  public let least: Int

  /// Asks the system.
  public init() {
    total = max(0, sysconf(Int32(_SC_PHYS_PAGES))) * Int(getpagesize())
    let now = AvailableMemory.now()
    (available, bound) = (now?.byteCount, now?.bound)
    let isOfAddressSpace = now != nil && now?.bound == AvailableMemory.ofAddressSpace("")?.bound
    least = isOfAddressSpace ? Int(MemoryDemand.margin) + 1_000_000 : 16_000_000
  }
}

/// The limits of this process, as `ulimit` shows them; nil for none.
public struct ProcessLimits: Sendable {
  /// Bytes of address space (`-v`).
  public let addressSpace: Int?
  /// Bytes of a file (`-f`).
  public let fileSize: Int?
  /// Open files (`-n`).
  public let openFiles: Int?
  /// Processes of the user (`-u`).
  public let processes: Int?

  /// Asks the system.
  public init() {
    func limit(_ resource: __rlimit_resource) -> Int? {
      var limit = rlimit()
      guard getrlimit(__rlimit_resource_t(resource.rawValue), &limit) == 0,
        limit.rlim_cur < UInt(Int.max)
      else { return nil }
      return Int(limit.rlim_cur)
    }
    addressSpace = limit(RLIMIT_AS)
    fileSize = limit(RLIMIT_FSIZE)
    openFiles = limit(RLIMIT_NOFILE)
    processes = limit(__RLIMIT_NPROC)
  }
}

/// How many files this process can still open; counts no further than `most`.
public func freeDescriptors(upTo most: Int) -> Int {
  var opened: [FileDescriptor] = []
  defer { for descriptor in opened { try? descriptor.close() } }
  while opened.count < most, let copy = try? FileDescriptor.standardError.duplicate() {
    opened.append(copy)
  }
  return opened.count
}

/// How to raise the limit on open files, as a clause, if this process can open fewer; else nil.
public func remedyForDescriptors(fewerThan count: Int) -> String? {
  freeDescriptors(upTo: count) < count ? Errno.tooManyOpenFiles.remedy : nil
}

/// The room of a file system.
public struct RoomFacts: Sendable {
  /// Bytes of the whole file system.
  public let total: Int
  /// Bytes that are free.
  public let free: Int

  /// Asks the file system of a folder, spelled; nil if there is no such folder.
  public init?(of folder: String) {
    var facts = statvfs()
    let code = FilePath(spelled: folder).withPlatformString { statvfs($0, &facts) }
    guard code == 0 else { return nil }
    let unit = Int(facts.f_frsize)
    total = Int(facts.f_blocks) * unit
    free = Int(facts.f_bavail) * unit
  }
}

/// Whether unnamed files can be made in a folder, spelled (O_TMPFILE).
public func hasUnnamedFiles(in folder: String) -> Bool {
  (try? OpenFile(unnamedIn: FilePath(spelled: folder), permissions: .ownerReadWrite)) != nil
}

/// The system and its processor: `Linux 6.1.0, x86_64`.
public func systemInWords() -> String {
  var name = utsname()
  guard uname(&name) == 0 else { return "Linux" }
  func text<Field>(_ field: Field) -> String {
    withUnsafeBytes(of: field) { String(decoding: $0.prefix { $0 != 0 }, as: UTF8.self) }
  }
  return "\(text(name.sysname)) \(text(name.release)), \(text(name.machine))"
}

/// What the processor can do at a time, by `/proc/cpuinfo`: such as `sse2`, `avx2`; empty if it does not say.
public func processorFeatures() -> Set<String> {
  // Under an emulator the file may be that of the processor below, which has another name for the line.
  #if arch(x86_64)
  let name = "flags"
  #else
  let name = "Features"
  #endif
  let text = textFile(FilePath("/proc/cpuinfo")) ?? ""
  let line = text.split(separator: "\n").first { $0.hasPrefix(name) }
  return Set((line ?? "").split(whereSeparator: { $0 == " " || $0 == "\t" }).map(String.init))
}
