// SPDX-License-Identifier: GPL-2.0-or-later

import Glibc
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
  /// Workers that a transform in memory is counted with, used or not.
  private static let countedWorkers = 3
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
    let need =
      Self.sharedByteCount(shape, audio, selection)
      + Double(Self.countedWorkers + 1) * Self.byteCountOfProcess(shape)
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
      throw Self.tooLittle(budget, shape, bytesPerSample: bytesPerSample, inMemory: need)
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

  /// Number of workers that a transform in memory may have.
  ///
  /// Whether it runs in memory does not depend on the number of workers, because the result does.
  static func workersInMemory(
    _ request: AnalysisRequest, _ shape: TransformShape, _ file: SoundFile,
    _ selection: SampleSelection
  ) -> Int {
    guard let limit = request.memoryLimit, request.workers > countedWorkers else {
      return request.workers
    }
    let left = Double(limit) - sharedByteCount(shape, file, selection)
    let processes = min(left / byteCountOfProcess(shape), Double(request.workers + 1))
    return max(countedWorkers, Int(processes) - 1)
  }

  /// Bytes that all processes of a transform in memory share, with the page cache of its input.
  private static func sharedByteCount(
    _ shape: TransformShape, _ file: SoundFile, _ selection: SampleSelection
  ) -> Double {
    let input = Double(file.sizeInBytes) * Double(selection.count) / Double(max(1, file.frames))
    return shape.plan.regions.reduce(0) { $0 + Double($1.byteCount) } + input
      + Double(shape.page?.byteCount ?? 0)
  }

  /// Bytes that each process of a transform in memory takes.
  private static func byteCountOfProcess(_ shape: TransformShape) -> Double {
    shape.plan.ownByteCount + Double(processByteCount)
  }

  /// A plan for a number of bytes, and the number of workers that it is enough for.
  private static func plan(
    _ shape: TransformShape, bytesPerSample: Int, budget: Int
  ) -> (StreamedPlan, workers: Int)? {
    // A function of the memory alone, however many workers there are: results must not depend on them.
    let shares = max(min(3, max(1, budget / fewBytesPerWorker)), budget / mostBytesPerWorker)
    // Bands of about a hundred blocks of rows are in memory, too.
    let page = shape.page.map { $0.isHeldOverDisk ? $0.byteCount : 0 } ?? 0
    let fixed = (shares + 1) * processByteCount + 100 * 8 * shape.bandCount + page
    let share = (budget - fixed) / shares
    guard share > ScratchFile.bytesBehind + (1 << 20) else { return nil }
    return StreamedPlan(
      shape.planShape, precision: shape.precision, bytesPerSample: bytesPerSample,
      byteCount: share, dirtyByteCount: ScratchFile.bytesBehind
    ).map { ($0, shares) }
  }

  /// Says how much memory is enough, for the way over the disk or for the transform in memory.
  private static func tooLittle(
    _ budget: Int, _ shape: TransformShape, bytesPerSample: Int, inMemory: Double
  ) -> SystemError {
    let most = readableBound(inMemory)
    var enough = readableBound(Double(budget))
    while enough < most,
      plan(shape, bytesPerSample: bytesPerSample, budget: Int(enough)) == nil
    {
      enough = readableBound(enough * 1.03)
    }
    let goesOverTheDisk = enough < most
    let isDivisible = plan(shape, bytesPerSample: bytesPerSample, budget: 1 << 50) != nil
    return SystemError(
      .noMemory,
      purpose: "transform \(grouped(shape.length.length)) samples"
        + (goesOverTheDisk ? " over the disk" : ""),
      remedy: "\(readableBytes(budget)) of memory is too little; "
        + "\(readableBytes(Int(min(enough, most)))) is enough (\(.memory))"
        + (isDivisible ? "" : ", or choose another \(.length)"))
  }

  /// The next number of bytes that three digits show exactly.
  static func readableBound(_ count: Double) -> Double {
    let unit = pow(10, (log10(max(1000, count))).rounded(.down) - 2)
    return (count / unit).rounded(.up) * unit
  }
}
