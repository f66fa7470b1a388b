// SPDX-License-Identifier: GPL-2.0-or-later

import Glibc
import SystemPackage
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

  /// - Parameter ignoresDefaults: Whether this call is without the file of defaults.
  init(ignoringDefaults ignoresDefaults: Bool) {
    findings =
      [Self.processors, Self.memory] + Self.sharedMemory + [Self.scratch] + Self.limits
      + [Self.transforms, Self.images, Self.scripts, Self.terminal]
      + [ignoresDefaults ? Self.ignoredDefaults : Self.defaults]
  }

  private static var processors: Finding {
    let facts = ProcessorFacts()
    var text = "\(facts.usable) of \(facts.online) for workers"
    if facts.allowed < facts.online { text += ", affinity \(facts.allowed)" }
    if let quota = facts.quota { text += ", control group \(significant(quota, 3))" }
    return Finding(name: "Processors", state: .ok, text: text)
  }

  /// With less than this, recordings of a few minutes do not fit.
  private static let littleMemory = 256_000_000

  /// A transform over the disk takes nearly 40 MB, and its peaks some more.
  private static let memoryForDisk = 55_000_000

  private static var memory: Finding {
    let facts = MemoryFacts()
    let total = "\(readableBytes(facts.total)) on this machine"
    guard let available = facts.available, let bound = facts.bound else {
      guard exists("/proc/self") else {
        return Finding(
          name: "Memory", state: .warning,
          text: "\(total); without /proc the system does not say how much is available",
          remedy: "Mount it (mount -t proc proc /proc), or name what wavfft may take with --memory."
        )
      }
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
    guard available >= facts.least else {
      return Finding(
        name: "Memory", state: .trouble,
        text: "\(text); even short recordings need \(readableBytes(facts.least))",
        remedy: bound.contains("ulimit -v")
          ? "Raise it (ulimit -v unlimited); --memory does not help."
          : "End other programs or raise the limit; --memory does not help.")
    }
    return Finding(
      name: "Memory", state: .warning, text: text,
      remedy: available < memoryForDisk
        ? "End other programs or raise the limit: recordings of half a minute or more may not fit."
        : "End other programs or raise the limit: recordings of a few minutes may only fit with --memory 40M, "
          + "over the disk.")
  }

  /// Shared memory, and locks and processes that use it.
  private static var sharedMemory: [Finding] {
    let name = "Shared memory"
    do throws(SystemError) {
      let region = try SharedRegion(byteCount: 1 << 20, purpose: "a trial")
      let (words, remedy) = stateOfSharedMemory
      let shared =
        switch region.backing {
        case .posixSharedMemory: Finding(name: name, state: .ok, text: words)
        case .memoryFile:
          Finding(
            name: name, state: .warning, text: "\(words); memory files take its place",
            remedy: "Nothing is lost; \(remedy) to use it.")
        default:
          Finding(
            name: name, state: .warning,
            text: "\(words); files in \(printable(temporaryFolder())) take its place",
            remedy: "Files are slower; \(remedy) to use it.")
        }
      return [shared, locks(try tryLock(in: region))]
    } catch {
      let words = sentence(error)
      return [Finding(name: name, state: .trouble, text: words)]
    }
  }

  /// What there is of `/dev/shm`, and what to do if it cannot be used.
  private static var stateOfSharedMemory: (text: String, remedy: String) {
    let folder = "/dev/shm"
    switch ScratchFolder.obstacle(in: folder) {
    case .noSuchFileOrDirectory?:
      return ("there is no \(folder)", "mount it (mount -t tmpfs tmpfs \(folder))")
    case .readOnlyFileSystem?:
      return ("\(folder) is read-only", "mount it for writing (mount -o remount,rw \(folder))")
    case let obstacle?:
      return (
        "\(folder) cannot be written to: \(obstacle)",
        "let users write there (chmod 1777 \(folder))"
      )
    case nil:
      let room = RoomFacts(of: folder).map {
        " has \(readableBytes($0.free)) free of \(readableBytes($0.total))"
      }
      return (folder + (room ?? ""), "give it room (docker run --shm-size 1g)")
    }
  }

  private static func locks(_ trial: LockTrial) -> Finding {
    switch trial {
    case .works:
      Finding(
        name: "Workers", state: .ok, text: "can be started, and their locks survive their deaths")
    case .noProcess(let reason):
      Finding(
        name: "Workers", state: .trouble, text: "no process can be started: \(reason)",
        remedy: reason.remedy.map { "\($0.capitalised)." }
          ?? "Raise the limit on processes (ulimit -u, or pids.max of the control group), or make room in memory."
      )
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

  /// Descriptors that the analysis of an uncompressed recording takes, without outputs.
  private static let neededDescriptors = 7
  /// Those that are enough for a compressed recording, for any one output, and for a batch, which takes the most; one
  /// is to spare.
  private static let descriptorsForOutputs = 12
  /// With these free, outputs of all kinds and of several channels can be written.
  private static let manyDescriptors = 60

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
    let free = freeDescriptors(upTo: manyDescriptors)
    if free < manyDescriptors {
      let isEnough = free >= neededDescriptors
      let limit = limits.openFiles.map { "limited to \($0), " } ?? ""
      findings.append(
        Finding(
          name: "Open files", state: isEnough ? .warning : .trouble,
          text:
            "\(limit)\(free) of them free; a run takes \(neededDescriptors), with outputs up to "
            + "\(descriptorsForOutputs) or more",
          remedy: !isEnough
            ? "Raise it (ulimit -n 1024)."
            : free < descriptorsForOutputs
              ? "Raise it (ulimit -n 1024): outputs (--out), compressed recordings and batches can fail."
              : "Raise it (ulimit -n 1024): several outputs and channels take more."))
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

  private static let ignoredDefaults = Finding(
    name: "Defaults", state: .ok, text: "ignored (--no-config)")

  /// The user's file of defaults, and its first mistake.
  private static var defaults: Finding {
    func wrong(_ problem: ConfigurationFile.Problem, _ state: Finding.State) -> Finding {
      Finding(
        name: "Defaults", state: state, text: printable(problem.finding),
        remedy: "Correct it, or pass --no-config.")
    }
    do {
      guard let file = try ConfigurationFile.ofUser(environmentVariable) else {
        return Finding(name: "Defaults", state: .ok, text: "no file")
      }
      for line in file.lines {
        if let reason = ConfiguredArguments.wrongValue(of: line, problem: Wavfft.problem(of:)) {
          // Below the heading of a further command it is only in the way of that.
          let isOfAll = [nil, Analyze._commandName].contains(line.command)
          return wrong(
            ConfigurationFile.Problem(file.name, line: line.number, reason),
            isOfAll ? .trouble : .warning)
        }
      }
      let count = file.lines.count
      return Finding(
        name: "Defaults", state: .ok,
        text: "\(printable(file.name)), \(grouped(count)) option\(count == 1 ? "" : "s")")
    } catch let problem as ConfigurationFile.Problem {
      return wrong(problem, .trouble)
    } catch {
      return Finding(name: "Defaults", state: .trouble, text: printable(sentence(error)))
    }
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
