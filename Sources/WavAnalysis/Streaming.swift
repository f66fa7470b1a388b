// SPDX-License-Identifier: GPL-2.0-or-later

import WavAudio
import WavExport
import WavSamples
import WavSpectrum
import WavSystem
import WavTransforms

/// How a transform that does not fit into memory goes over the disk.
struct Streaming {
  /// The plan.
  let plan: StreamedPlan
  /// The samples.
  let samples: any StreamedSamples
  /// The samples if they must be decoded first, to a scratch file.
  let decoded: DecodedScratch?
  /// The scratch file of decoded samples.
  let decodedFile: ScratchFile?
  /// Counts what is read of an input that is not decoded.
  let reads: TransferMeter
  /// Where the scratch files go.
  let folder: ScratchFolder
  /// Number of workers: those that the memory is enough for.
  let workers: Int
  /// Bytes that all processes stay within.
  let byteCount: Int

  /// Bytes of a process before it has done anything: code, libraries, tables.
  private static let processByteCount = 8 << 20
  /// More memory makes a worker no faster.
  private static let mostBytesPerWorker = 256 << 20
  /// With less memory than this for each there are fewer workers than three.
  private static let fewBytesPerWorker = 80 << 20

  /// Prepares to stream, or answers nil if the transform is to run in memory: because it fits, or because
  /// its length or its format leaves no other way.
  ///
  /// - Throws: `SystemError` when the memory that the user allows is too small, `AudioError` when the
  ///   file cannot be read.
  init?(
    _ request: AnalysisRequest, _ shape: TransformShape, _ audio: SoundFile,
    _ selection: SampleSelection
  ) throws {
    // The counters of the files are shared by workers.
    guard request.memory == .workers else { return nil }
    let need = Self.byteCountInMemory(request, shape, audio, selection)
    guard request.memoryLimit != nil || need > Double(Self.mostBytesPerWorker) else { return nil }
    let budget = MemoryBudget(named: request.memoryLimit).byteCount
    // Without a limit everything that is available may be used, but beyond it something must be left.
    let limit = request.memoryLimit == nil ? availableMemory() ?? .max : budget
    guard need > Double(limit) else { return nil }
    let reads = try TransferMeter()
    let file = try FileSamples(audio, selection, meter: reads)
    let bytesPerSample = file?.bytesPerSample ?? shape.precision.byteCount
    guard
      let (plan, workers) = Self.plan(shape, bytesPerSample: bytesPerSample, budget: budget)
    else {
      guard request.memoryLimit != nil else { return nil }
      throw Self.tooLittle(budget, shape, bytesPerSample: bytesPerSample)
    }
    self.plan = plan
    self.reads = reads
    self.workers = max(1, min(request.workers, workers))
    byteCount = budget
    let decoder = file == nil ? SampleDecoder(audio, selection) : nil
    let isDouble = shape.precision == .double
    let decodedBytes = decoder.map { DecodedScratch.byteCount($0, isDouble: isDouble) } ?? 0
    let folder = try ScratchFolder.choose(
      for: plan.scratch.reduce(decodedBytes, +), named: request.scratchFolder)
    self.folder = folder
    decodedFile = try decoder.map { _ in
      try ScratchFile(byteCount: decodedBytes, in: folder.path)
    }
    if let decoder, let decodedFile {
      let decoded = try DecodedScratch(decoder, isDouble: isDouble, in: decodedFile)
      self.decoded = decoded
      samples = decoded
    } else if let file {
      decoded = nil
      samples = file
    } else {
      preconditionFailure("samples are read or decoded")
    }
  }

  /// Bytes that a transform in memory takes, with the page cache of its input.
  private static func byteCountInMemory(
    _ request: AnalysisRequest, _ shape: TransformShape, _ file: SoundFile,
    _ selection: SampleSelection
  ) -> Double {
    let plan = shape.plan
    let processes = Double(max(1, request.workers) + 1)
    let input = Double(file.sizeInBytes) * Double(selection.count) / Double(max(1, file.frames))
    return plan.regions.reduce(0) { $0 + Double($1.byteCount) }
      + processes * (plan.ownByteCount + Double(processByteCount)) + input
  }

  /// A plan for a number of bytes, and the number of workers that it is enough for.
  private static func plan(
    _ shape: TransformShape, bytesPerSample: Int, budget: Int
  ) -> (StreamedPlan, workers: Int)? {
    // A function of the memory alone, however many workers there are: results must not depend on them.
    let shares = max(min(3, max(1, budget / fewBytesPerWorker)), budget / mostBytesPerWorker)
    // Bands of about a hundred blocks of rows are in memory, too.
    let fixed = (shares + 1) * processByteCount + 100 * 8 * shape.bandCount
    let share = (budget - fixed) / shares
    guard share > ScratchFile.bytesBehind + (1 << 20) else { return nil }
    return StreamedPlan(
      shape.planShape, precision: shape.precision, bytesPerSample: bytesPerSample,
      byteCount: share, dirtyByteCount: ScratchFile.bytesBehind
    ).map { ($0, shares) }
  }

  /// Says how much memory would do.
  private static func tooLittle(
    _ budget: Int, _ shape: TransformShape, bytesPerSample: Int
  ) -> SystemError {
    var enough = max(budget, 32 << 20)
    while enough < 1 << 50,
      plan(shape, bytesPerSample: bytesPerSample, budget: enough) == nil
    {
      enough += enough / 4
    }
    return SystemError(
      .noMemory, purpose: "transform \(grouped(shape.length.length)) samples over the disk",
      remedy: enough < 1 << 50
        ? "\(readableBytes(budget)) of memory are too little; about \(readableBytes(enough)) are "
          + "enough (\(.memory))"
        : "its length cannot be divided evenly; choose another \(.length)")
  }
}
