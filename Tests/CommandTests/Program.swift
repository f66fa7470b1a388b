// SPDX-License-Identifier: GPL-2.0-or-later

import Foundation

/// The built program, run as a user would.
enum Program {
  struct Result {
    let status: Int32
    let output: String
    let error: String
  }

  /// The folder of the package.
  static let root = URL(filePath: #filePath).deletingLastPathComponent()
    .deletingLastPathComponent().deletingLastPathComponent()

  /// A file among the fixtures.
  static func fixture(_ name: String) -> String { root.appending(path: "fixtures/\(name)").path }

  /// The program beside the bundle of tests that is running.
  private static let executable: URL = {
    let tests = URL(filePath: "/proc/self/exe").resolvingSymlinksInPath()
    let bundle = CommandLine.arguments.first { $0.hasSuffix(".xctest") }.map { URL(filePath: $0) }
    for start in [bundle, tests].compactMap({ $0 }) {
      let candidate = start.deletingLastPathComponent().appending(path: "wavfft")
      if FileManager.default.isExecutableFile(atPath: candidate.path) { return candidate }
    }
    fatalError("There is no program beside the bundle of tests.")
  }()

  /// Starts the program; its report goes nowhere.
  static func start(
    _ arguments: [String], in folder: URL, environment: [String: String] = [:],
    errors: FileHandle = .nullDevice
  ) throws -> Process {
    let process = Process()
    process.executableURL = executable
    process.environment = ProcessInfo.processInfo.environment.merging(environment) { $1 }
    process.arguments = arguments
    process.currentDirectoryURL = folder
    process.standardOutput = FileHandle.nullDevice
    process.standardError = errors
    process.standardInput = FileHandle.nullDevice
    try process.run()
    return process
  }

  /// The worker processes of a running program.
  static func children(of process: Process) -> [pid_t] {
    let id = process.processIdentifier
    let list = try? String(contentsOfFile: "/proc/\(id)/task/\(id)/children", encoding: .utf8)
    return (list ?? "").split(separator: " ").compactMap { pid_t($0) }
  }

  /// Memory of a process that is no file's, in kB; what it shares with others counts in parts.
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
    process.environment = ProcessInfo.processInfo.environment.merging(environment) { $1 }
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

/// Runs `body` with an empty folder, which is gone afterwards.
func withFolder<Result>(_ body: (URL) throws -> Result) throws -> Result {
  let folder = FileManager.default.temporaryDirectory
    .appending(path: "wavfft-test-\(UUID().uuidString)")
  try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
  defer { try? FileManager.default.removeItem(at: folder) }
  return try body(folder)
}

/// Names of what is in a folder, hidden files included.
func contents(_ folder: URL) throws -> [String] {
  try FileManager.default.contentsOfDirectory(atPath: folder.path).sorted()
}

/// A WAV file from its parts; every number in the header can be wrong on purpose.
func wav(
  _ samples: Data, format: UInt16 = 1, channels: UInt16 = 1, rate: UInt32 = 8000,
  bits: UInt16 = 16, promisedBytes: Int? = nil
) -> Data {
  func bytes<Number: FixedWidthInteger>(_ number: Number) -> Data {
    withUnsafeBytes(of: number.littleEndian) { Data($0) }
  }
  let frame = UInt16(max(1, channels) * bits / 8)
  var file = Data("RIFF".utf8) + bytes(UInt32(36 + samples.count)) + Data("WAVEfmt ".utf8)
  file += bytes(UInt32(16)) + bytes(format) + bytes(channels) + bytes(rate)
  file += bytes(rate * UInt32(frame)) + bytes(frame) + bytes(bits)
  file += Data("data".utf8) + bytes(UInt32(promisedBytes ?? samples.count)) + samples
  return file
}

/// Samples as 16-bit PCM.
func pcm16(_ values: [Int16]) -> Data {
  values.reduce(into: Data()) { data, value in
    withUnsafeBytes(of: value.littleEndian) { data.append(contentsOf: $0) }
  }
}

/// Samples as 32-bit floating point.
func pcmFloat(_ values: [Float]) -> Data {
  values.reduce(into: Data()) { data, value in
    withUnsafeBytes(of: value.bitPattern.littleEndian) { data.append(contentsOf: $0) }
  }
}

/// A CSV file as rows of numbers, its header apart.
func table(_ url: URL) throws -> (header: String, rows: [[Double]]) {
  var lines = String(decoding: try Data(contentsOf: url), as: UTF8.self)
    .split(separator: "\n").map(String.init)
  let header = lines.removeFirst()
  return (header, lines.map { $0.split(separator: ",").map { Double($0) ?? .nan } })
}
