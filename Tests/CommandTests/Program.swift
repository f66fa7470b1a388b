// SPDX-License-Identifier: GPL-2.0-or-later

import Foundation
// All files of these tests write recordings or read tables.
@_exported import TestSupport

/// The built program, run as a user would.
enum Program {
  struct Result {
    let status: Int32
    let output: String
    let error: String
  }

  /// The folder of the package.
  static let root = packageRoot

  /// The environment of the tests, without defaults and colours of the user who runs them.
  private static let surroundings = ProcessInfo.processInfo.environment.merging([
    "WAVFFT_CONFIG": "", "NO_COLOR": "1",
  ]) { $1 }

  /// A file among the fixtures.
  static func fixture(_ name: String) -> String { TestSupport.fixture(name) }

  /// The program, beside the bundle of tests that is running.
  private static let executable: URL = {
    let tests = URL(filePath: "/proc/self/exe").resolvingSymlinksInPath()
    let bundle = CommandLine.arguments.first { $0.hasSuffix(".xctest") }.map { URL(filePath: $0) }
    for start in [bundle, tests].compactMap({ $0 }) {
      let candidate = start.deletingLastPathComponent().appending(path: "wavfft")
      if FileManager.default.isExecutableFile(atPath: candidate.path) { return candidate }
    }
    fatalError("There is no program beside the bundle of tests.")
  }()

  /// Starts the program; its report is discarded, unless there is a place for it.
  static func start(
    _ arguments: [String], in folder: URL, environment: [String: String] = [:],
    errors: FileHandle = .nullDevice, output: FileHandle = .nullDevice
  ) throws -> Process {
    let process = Process()
    process.executableURL = executable
    process.environment = surroundings.merging(environment) { $1 }
    process.arguments = arguments
    process.currentDirectoryURL = folder
    process.standardOutput = output
    process.standardError = errors
    process.standardInput = FileHandle.nullDevice
    try process.run()
    return process
  }

  /// Starts the program, after a shell's `command` such as `trap '' HUP;`, with a single worker
  /// that stops itself at a place, `STAGE:BLOCK:MOMENT`, and waits until it has stopped.
  static func startStopped(
    at place: String, _ arguments: [String], after command: String = "", in folder: URL,
    errors: FileHandle = .nullDevice
  ) throws -> (program: Process, worker: pid_t) {
    let process = Process()
    process.executableURL = URL(filePath: "/bin/sh")
    let quoted = ([executable.path] + arguments).map { "'\($0)'" }.joined(separator: " ")
    process.arguments = ["-c", "\(command) exec \(quoted) --workers 1"]
    process.environment =
      surroundings
      .merging(["WAVFFT_FAULT": "\(place):\(SIGSTOP):1"]) { $1 }
    process.currentDirectoryURL = folder
    process.standardOutput = FileHandle.nullDevice
    process.standardError = errors
    process.standardInput = FileHandle.nullDevice
    try process.run()
    while process.isRunning {
      let stopped = children(of: process).first { worker in
        let status = try? String(contentsOfFile: "/proc/\(worker)/stat", encoding: .utf8)
        return status?.contains(") T ") ?? false
      }
      if let stopped { return (process, stopped) }
      Thread.sleep(forTimeInterval: 0.002)
    }
    throw NeverStopped(place: place, status: process.terminationStatus)
  }

  /// The program ended before it reached the place.
  struct NeverStopped: Error {
    let place: String
    let status: Int32
  }

  /// The worker processes of a running program.
  static func children(of process: Process) -> [pid_t] { children(of: process.processIdentifier) }

  /// The processes that another one has started.
  static func children(of id: pid_t) -> [pid_t] {
    let list = try? String(contentsOfFile: "/proc/\(id)/task/\(id)/children", encoding: .utf8)
    return (list ?? "").split(separator: " ").compactMap { pid_t($0) }
  }

  /// Memory of a process that is not backed by files, in kB; shared memory counts in proportion.
  static func ownKilobytes(of process: pid_t) -> Int {
    let text = try? String(contentsOfFile: "/proc/\(process)/smaps_rollup", encoding: .utf8)
    return (text ?? "").split(separator: "\n").reduce(0) { sum, line in
      let words = line.split(separator: " ")
      guard words.count > 1, ["Pss_Anon:", "Pss_Shmem:"].contains(words[0]) else { return sum }
      return sum + (Int(words[1]) ?? 0)
    }
  }

  /// Runs the program to its end.
  static func run(
    _ arguments: [String], in folder: URL? = nil, output file: FileHandle? = nil,
    environment: [String: String] = [:]
  ) throws -> Result {
    try finish(executable, arguments, in: folder, output: file, environment: environment)
  }

  /// Runs the program in a shell, after a command such as `ulimit -v 1000;`.
  static func run(
    after command: String, _ arguments: [String], in folder: URL, redirection: String = ""
  ) throws -> Result {
    let quoted = ([executable.path] + arguments).map { "'\($0)'" }.joined(separator: " ")
    return try finish(
      URL(filePath: "/bin/sh"), ["-c", "\(command) exec \(quoted) \(redirection)"], in: folder,
      output: nil, environment: [:])
  }

  /// Starts a shell that calls the program as `wavfft`; its output is discarded.
  static func startShell(
    _ command: String, in folder: URL, environment: [String: String]
  ) throws -> Process {
    let process = Process()
    process.executableURL = URL(filePath: "/bin/sh")
    process.arguments = ["-c", command]
    let path = ProcessInfo.processInfo.environment["PATH"] ?? "/usr/bin:/bin"
    process.environment = surroundings.merging(environment) { $1 }
      .merging(["PATH": executable.deletingLastPathComponent().path + ":" + path]) { $1 }
    process.currentDirectoryURL = folder
    process.standardOutput = FileHandle.nullDevice
    process.standardError = FileHandle.nullDevice
    process.standardInput = FileHandle.nullDevice
    try process.run()
    return process
  }

  /// Runs a shell command that calls the program as `wavfft`.
  static func shell(_ command: String, in folder: URL) throws -> Result {
    let path = ProcessInfo.processInfo.environment["PATH"] ?? "/usr/bin:/bin"
    return try finish(
      URL(filePath: "/bin/sh"), ["-c", command], in: folder, output: nil,
      environment: ["PATH": executable.deletingLastPathComponent().path + ":" + path])
  }

  private static func finish(
    _ program: URL, _ arguments: [String], in folder: URL?, output file: FileHandle?,
    environment: [String: String]
  ) throws -> Result {
    let process = Process()
    process.executableURL = program
    process.arguments = arguments
    process.environment = surroundings.merging(environment) { $1 }
    if let folder { process.currentDirectoryURL = folder }
    let (output, error) = (Pipe(), Pipe())
    process.standardOutput = file ?? output
    process.standardError = error
    process.standardInput = FileHandle.nullDevice
    try process.run()
    // Reports are shorter than a pipe's buffer, so the two can be read one after the other.
    if file != nil { try output.fileHandleForWriting.close() }
    let outputData = output.fileHandleForReading.readDataToEndOfFile()
    let errorData = error.fileHandleForReading.readDataToEndOfFile()
    process.waitUntilExit()
    let status = process.terminationReason == .exit ? process.terminationStatus : -1
    return Result(
      status: status, output: String(decoding: outputData, as: UTF8.self),
      error: String(decoding: errorData, as: UTF8.self))
  }
}
