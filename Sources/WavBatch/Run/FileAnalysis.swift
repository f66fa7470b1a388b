// SPDX-License-Identifier: GPL-2.0-or-later

import Glibc
import SystemPackage
import WavAnalysis
import WavAudio
import WavExport
import WavSystem
import WavWorkers

/// An output of a batch that is complete, but does not have its name yet.
struct FinishedOutput {
  let file: OutputFile
  /// Path below the output folder.
  let name: String
  let print: Fingerprint
}

/// The analysis of one file of a batch: all its channels, all its outputs, and its records.
struct FileAnalysis {
  let request: BatchRequest
  let options: OptionsInWords
  /// Refuses an output that would replace a file that the program did not write.
  let requireFree: (_ name: String) throws -> Void

  init(
    _ request: BatchRequest, requireFree: @escaping (_ name: String) throws -> Void
  ) {
    self.request = request
    options = request.options
    self.requireFree = requireFree
  }

  /// The request for an input; `workers` is 0 in a worker.
  func request(for input: BatchInput, workers: Int) -> AnalysisRequest {
    var analysis = request.analysis
    analysis.path = input.path
    analysis.workers = workers
    return analysis
  }

  /// Analyses a file.
  ///
  /// - Parameters:
  ///   - input: The file.
  ///   - file: The same file, opened.
  ///   - stamp: Its stamp before it was opened.
  ///   - stem: Path of its outputs below the output folder, without extension.
  ///   - workers: Number of worker processes; 0 computes in this process.
  ///   - engines: Keeps engines for the next file.
  ///   - progress: Called repeatedly.
  /// - Returns: A record for each channel, and the outputs, which do not have their names yet.
  /// - Throws: What `analyze` throws, and `SystemError` for outputs.
  func records(
    of input: BatchInput, _ file: SoundFile, _ stamp: InputStamp?, stem: String, workers: Int,
    engines: EngineStore? = nil,
    progress: () -> Void = {}
  ) throws -> (records: [FileRecord], outputs: [FinishedOutput]) {
    let start = monotonicSeconds()
    let plain = self.request(for: input, workers: workers)
    var requests = [(plain, stem)]
    if request.channels == .each {
      requests = (0..<file.channels).map { channel in
        var single = plain
        single.channel = .single(channel)
        return (single, "\(stem).\(channel + 1)")
      }
    }
    try makeFolders(above: stem)
    var finished: [FinishedOutput] = []
    var records: [FileRecord] = []
    for (single, stem) in requests {
      let outputs = try request.formats.map { format in
        let name = "\(stem).\(format.fileExtension)"
        return SpectrumOutput(
          format: format, file: try open(name, input),
          sidecar: request.hasSidecar(format) ? try open(TableSidecar.path(of: name), input) : nil)
      }
      let analysis = try analyze(
        single, outputs: outputs, isCommitting: false, opened: file, reusing: engines,
        progress: { _ in progress() })
      var prints: [String: Fingerprint] = [:]
      for (file, ending) in zip(outputs.flatMap(\.files), request.extensions) {
        let print = try fingerprint(of: file)
        prints[ending] = print
        finished.append(FinishedOutput(file: file, name: "\(stem).\(ending)", print: print))
      }
      records.append(
        FileRecord(
          analysis, output: stem, prints: prints, stamp: stamp, bands: request.summaryBands,
          hasThumbnail: request.writesIndex, options: options))
    }
    if request.recordsSeconds {
      let seconds = Double(fixed(monotonicSeconds() - start, 3))
      for index in records.indices { records[index].seconds = seconds }
    }
    return (records, finished)
  }

  /// The fingerprint of an output; all of its bytes must be written.
  private func fingerprint(of file: OutputFile) throws(RunFailure) -> Fingerprint {
    try failing(as: .cannotWriteOutput) { () throws(SystemError) in try Fingerprint(file) }
  }

  private func open(_ name: String, _ input: BatchInput) throws -> OutputFile {
    let path = "\(request.outputFolder)/\(name)"
    guard !OutputFile.isSameFile(path, input.path) else {
      throw BatchError(
        .cannotWriteOutput,
        "\(path) would replace the input itself; choose another \(.outputFolder)")
    }
    try requireFree(name)
    return try failing(as: .cannotWriteOutput) { () throws(SystemError) in
      try OutputFile(path: path)
    }
  }

  private func makeFolders(above stem: String) throws {
    var folder = request.outputFolder
    for part in components(of: stem).dropLast() {
      folder += "/" + part
      try failing(as: .cannotWriteOutput) { () throws(SystemError) in try makeFolder(folder) }
    }
  }
}

/// Creates a folder if it does not exist.
func makeFolder(_ path: String) throws(SystemError) {
  var name = path[...]
  // A folder cannot be made through itself, which is what the slash means.
  while name.utf8.count > 1, name.hasSuffix("/") { name.removeLast() }
  let code = FilePath(spelled: String(name)).withPlatformString { mkdir($0, 0o777) }
  guard code != 0, Errno.last != .fileExists else { return }
  throw SystemError(
    .last, purpose: "make the folder \(path)",
    remedy: "choose a folder in one that exists and that you may write to")
}
