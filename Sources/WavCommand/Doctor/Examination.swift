// SPDX-License-Identifier: GPL-2.0-or-later

import Glibc
import WavExport
import WavSystem
import WavTransforms
import WavWorkers

/// Everything that the doctor looks at.
///
/// What can be tried is tried, in the way in which an analysis does it.
struct Examination {
  let findings: [Finding]

  /// Whether wavfft can work here.
  var works: Bool { !findings.contains { $0.state == .trouble } }

  init() {
    findings =
      [Self.processors, Self.memory] + Self.sharedMemory + [Self.scratch] + Self.limits
      + [Self.transforms, Self.images, Self.scripts, Self.terminal]
  }

  private static var processors: Finding {
    let facts = ProcessorFacts()
    var text = "\(facts.usable) of \(facts.online) for workers"
    if facts.allowed < facts.online { text += ", affinity \(facts.allowed)" }
    if let quota = facts.quota { text += ", control group \(significant(quota, 3))" }
    return Finding(name: "Processors", state: .ok, text: text)
  }

  /// With less than this, recordings of a few minutes go over the disk.
  private static let littleMemory = 256_000_000

  private static var memory: Finding {
    let facts = MemoryFacts()
    let total = "\(readableBytes(facts.total)) on this machine"
    guard let available = facts.available, let bound = facts.bound else {
      return Finding(
        name: "Memory", state: .warning,
        text: "\(total); the system does not say how much is available",
        remedy: "Name what wavfft may take with --memory.")
    }
    let text =
      bound == "on this machine"
      ? "\(readableBytes(available)) available of \(total)"
      : "\(readableBytes(available)) available \(bound), of \(total)"
    guard available < littleMemory else { return Finding(name: "Memory", state: .ok, text: text) }
    return Finding(
      name: "Memory", state: .warning, text: text,
      remedy: "End other programs or raise the limit; recordings that do not fit go over the disk.")
  }

  /// Shared memory, and locks and processes that use it.
  private static var sharedMemory: [Finding] {
    let room = RoomFacts(of: "/dev/shm").map {
      "/dev/shm has \(readableBytes($0.free)) free of \(readableBytes($0.total))"
    }
    let name = "Shared memory"
    do throws(SystemError) {
      let region = try SharedRegion(byteCount: 1 << 20, purpose: "a trial")
      let words = room ?? "there is no /dev/shm"
      let shared =
        switch region.backing {
        case .posixSharedMemory: Finding(name: name, state: .ok, text: words)
        case .memoryFile:
          Finding(
            name: name, state: .warning, text: "\(words); memory files take its place",
            remedy: "Nothing is lost; give /dev/shm room (docker run --shm-size 1g) to use it.")
        default:
          Finding(
            name: name, state: .warning,
            text: "\(words); files in \(temporaryFolder()) take its place",
            remedy: "Give /dev/shm room (docker run --shm-size 1g): files are slower.")
        }
      return [shared, locks(try tryLock(in: region))]
    } catch {
      let words = sentence(error)
      return [Finding(name: name, state: .trouble, text: words)]
    }
  }

  private static func locks(_ trial: LockTrial) -> Finding {
    switch trial {
    case .works:
      Finding(
        name: "Workers", state: .ok, text: "can be started, and their locks survive their deaths")
    case .noProcess:
      Finding(
        name: "Workers", state: .trouble, text: "no process can be started",
        remedy: "Raise the limit on processes (ulimit -u, or pids.max of the control group).")
    case .isNotRobust:
      Finding(
        name: "Workers", state: .trouble,
        text: "a lock in shared memory does not tell that its owner died",
        remedy: "Use a Linux kernel with robust futexes; some emulators have none.")
    }
  }

  private static var scratch: Finding {
    let name = "Scratch disk"
    do throws(SystemError) {
      let folder = try ScratchFolder.choose(for: 1 << 20)
      _ = try ScratchFile(byteCount: 1 << 20, in: folder.path)
      let room = RoomFacts(of: folder.path).map { ", \(readableBytes($0.free)) free" } ?? ""
      let kind = hasUnnamedFiles(in: folder.path) ? "" : ", without unnamed files (O_TMPFILE)"
      let text = printable(folder.path) + room + kind
      guard let warning = folder.warning else { return Finding(name: name, state: .ok, text: text) }
      return Finding(
        name: name, state: .warning, text: "\(text); \(printable(warning))",
        remedy: "Set TMPDIR to a folder on a disk, or leave it out.")
    } catch {
      return Finding(
        name: name, state: .warning, text: printable(sentence(error)),
        remedy: "Without a scratch disk, recordings must fit into memory.")
    }
  }

  /// What `ulimit` shows, as far as it is low.
  private static var limits: [Finding] {
    let limits = ProcessLimits()
    var findings: [Finding] = []
    if let bytes = limits.addressSpace {
      findings.append(
        Finding(
          name: "Address space", state: .warning, text: "limited to \(readableBytes(bytes))",
          remedy: "Raise it (ulimit -v unlimited), or limit the memory of wavfft with --memory."))
    }
    if let bytes = limits.fileSize {
      findings.append(
        Finding(
          name: "File size", state: .warning, text: "limited to \(readableBytes(bytes))",
          remedy: "Raise it (ulimit -f unlimited): larger outputs and shared memory are refused."))
    }
    if let count = limits.openFiles, count < 64 {
      findings.append(
        Finding(
          name: "Open files", state: .warning, text: "limited to \(count)",
          remedy:
            "Raise it (ulimit -n 1024): with --channel each every channel has files of its own."))
    }
    guard findings.isEmpty else { return findings }
    return [Finding(name: "Limits", state: .ok, text: "none that is in the way (ulimit)")]
  }

  private static var transforms: Finding {
    let version = transformLibraryVersion()
    let features = processorFeatures()
    let wide = ["avx512f", "avx2", "avx", "asimd", "sse2"].first(where: features.contains)
    let text = version + (wide.map { ", on a processor with \($0)" } ?? "")
    guard features.contains("avx2"), !version.contains("avx") else {
      return Finding(name: "Transforms", state: .ok, text: text)
    }
    return Finding(
      name: "Transforms", state: .warning, text: text,
      remedy: "Install an FFTW that was built for AVX; Debian's libfftw3 is. This one is slower.")
  }

  private static var images: Finding {
    if let obstacle = ImageLibraries.obstacle {
      return Finding(
        name: "Images", state: .warning, text: "no .png and .pdf: \(obstacle)",
        remedy: "Figures as .svg and pages as .html need none of that.")
    }
    return Finding(
      name: "Images", state: .ok,
      text: "cairo \(ImageLibraries.cairo ?? ""), libpng \(ImageLibraries.png), "
        + "\(grouped(ImageLibraries.fontCount)) fonts")
  }

  private static var scripts: Finding {
    if let version = ImageLibraries.pango {
      return Finding(name: "Scripts", state: .ok, text: "pango \(version) sets names in any script")
    }
    return Finding(
      name: "Scripts", state: .warning,
      text: "no pango: .png and .pdf cannot set names in scripts such as Arabic or Japanese",
      remedy: "Install pango (Debian's package libpangocairo-1.0-0), or write .svg.")
  }

  private static var terminal: Finding {
    let name = "Terminal"
    guard isatty(STDOUT_FILENO) == 1 else {
      return Finding(name: name, state: .ok, text: "stdout is none")
    }
    let width = "\(terminalWidth()) cells wide"
    switch terminalCharacters() {
    case .braille: return Finding(name: name, state: .ok, text: "\(width), UTF-8")
    case .blocks: return Finding(name: name, state: .ok, text: "\(width), the console of Linux")
    case .ascii:
      return Finding(
        name: name, state: .warning,
        text: "\(width); the locale is not UTF-8, so that plots are ASCII",
        remedy: "Set LANG to a locale with UTF-8, such as C.UTF-8.")
    }
  }
}
