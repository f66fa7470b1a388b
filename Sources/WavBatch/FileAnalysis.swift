// SPDX-License-Identifier: GPL-2.0-or-later

import Glibc
import WavAnalysis
import WavAudio
import WavFiles
import WavRendering
import WavSharedMemory
import WavWorkers

/// The analysis of one file of a batch: all its channels, all its outputs, and its records.
struct FileAnalysis {
  let request: BatchRequest
  let options: OptionsInWords

  init(_ request: BatchRequest) {
    self.request = request
    options = request.options
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
  ///   - file: The same, opened.
  ///   - stem: Path of its outputs below the folder of outputs, without extension.
  ///   - workers: Number of worker processes; 0 computes here.
  ///   - engines: Keeps engines for the next file.
  ///   - progress: Called now and then.
  /// - Returns: A record for each channel, and the outputs, which do not have their names yet.
  /// - Throws: What `analyze` throws, and `SystemError` for outputs.
  func records(
    of input: BatchInput, _ file: SoundFile, stem: String, workers: Int,
    engines: EngineStore? = nil,
    progress: () -> Void = {}
  ) throws -> (records: [FileRecord], outputs: [OutputFile]) {
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
    var files: [OutputFile] = []
    var records: [FileRecord] = []
    for (single, stem) in requests {
      let outputs = try request.formats.map { format in
        SpectrumOutput(format: format, file: try open("\(stem).\(format.rawValue)", input))
      }
      let analysis = try analyze(
        single, outputs: outputs, isCommitting: false, opened: file, reusing: engines,
        progress: { _ in progress() })
      files += outputs.map(\.file)
      records.append(
        FileRecord(
          analysis, output: stem,
          outputBytes: Dictionary(
            uniqueKeysWithValues: try outputs.map { ($0.format.rawValue, try size(of: $0.file)) }),
          options: options))
    }
    if request.recordsSeconds {
      let seconds = Double(fixed(monotonicSeconds() - start, 3))
      for index in records.indices { records[index].seconds = seconds }
    }
    return (records, files)
  }

  /// Bytes of an output, all of which are written by then.
  private func size(of file: OutputFile) throws(WorkerFailure) -> Int {
    do {
      return try file.byteCount()
    } catch {
      throw WorkerFailure(kind: .output, error)
    }
  }

  private func open(_ name: String, _ input: BatchInput) throws -> OutputFile {
    let path = "\(request.outputFolder)/\(name)"
    guard !OutputFile.isSameFile(path, input.path) else {
      throw WorkerFailure(
        kind: .output, "\(path) would replace the input itself; choose another --out-dir")
    }
    do {
      return try OutputFile(path: path)
    } catch {
      throw WorkerFailure(kind: .output, error)
    }
  }

  private func makeFolders(above stem: String) throws {
    var folder = request.outputFolder
    for part in components(of: stem).dropLast() {
      folder += "/" + part
      do {
        try makeFolder(folder)
      } catch {
        throw WorkerFailure(kind: .output, error)
      }
    }
  }
}

/// Makes a folder unless it is there.
func makeFolder(_ path: String) throws(SystemError) {
  guard mkdir(path, 0o777) != 0, errno != EEXIST else { return }
  throw SystemError(
    code: errno, purpose: "make the folder \(path)",
    remedy: "choose a folder in one that exists and that you may write to")
}
