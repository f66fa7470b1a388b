// SPDX-License-Identifier: GPL-2.0-or-later

import WavAudio
import WavSamples
import WavSpectrum
import WavStages
import WavSystem
import WavTransforms

/// Where a method with segments reads the samples: in pieces of the file, or decoded first.
final class SegmentInput {
  /// The samples; those of compressed files are complete when ``decoding`` is done.
  let samples: any StreamedSamples
  /// Where they are.
  let source: SampleSource
  /// Decodes the samples and measures their levels; nil if they are read from the file itself.
  let decoding: Stage?
  /// Measures the levels.
  let meter: LevelMeter
  /// Memory of the samples and levels.
  let memoryUse: MemoryUse
  /// The folder of decoded samples, and their file, if they are on the disk.
  let scratch: (folder: ScratchFolder, file: ScratchFile)?
  /// Counts what is read of a file that is not decoded.
  let reads: TransferMeter?

  /// Workers that there is memory for.
  let workers: Int
  /// The memory and the engine of the method.
  let plan: SegmentPlan

  private let owner: AnyObject?

  /// Decoded samples of more bytes go to the disk, unless there are no workers to read them from there.
  static let mostDecodedBytes = 64 << 20

  /// How pieces are measured: in parts, whose means tell whether there is an offset.
  ///
  /// Few pieces have many parts; the levels of each part take memory.
  private static func pieces(_ plan: SegmentPlan, of count: Int) -> PieceLayout {
    let parts = min(64, max(1, 2048 / plan.pieceCount))
    let part = max(1, (min(plan.pieceLength, count) + parts - 1) / parts)
    return PieceLayout(
      sampleCount: count, rowCount: plan.pieceCount,
      borders: Array(stride(from: 0, to: plan.pieceLength, by: part)) + [plan.pieceLength],
      meanLength: part)
  }

  /// Opens the samples.
  ///
  /// - Throws: `SystemError` when memory or disk is short, `AudioError` when the file cannot be read.
  init(
    _ request: AnalysisRequest, _ shape: TransformShape, _ audio: SoundFile,
    _ selection: SampleSelection
  ) throws {
    func plan(bytesPerSample: Int, decodedByteCount: Int) throws -> (SegmentPlan, workers: Int) {
      guard let plan = shape.segmentPlan(bytesPerSample: bytesPerSample) else {
        preconditionFailure("a method with segments")
      }
      let memory = try SegmentMemory(request, shape, plan, decodedByteCount: decodedByteCount)
      return (plan, memory.workers)
    }
    let isShared = request.memory == .workers
    let reads = isShared ? try TransferMeter() : nil
    if let file = try FileSamples(audio, selection, meter: reads) {
      (self.plan, workers) = try plan(bytesPerSample: file.bytesPerSample, decodedByteCount: 0)
      samples = file
      source = .read
      decoding = nil
      meter = try LevelMeter(
        audio, selection,
        pieces: Self.pieces(self.plan, of: selection.count),
        for: request.memory)
      memoryUse = meter.memoryUse
      self.reads = reads
      (scratch, owner) = (nil, nil)
      return
    }
    self.reads = nil
    let isDouble = shape.precision == .double
    let bytes = selection.count * shape.precision.byteCount
    let isOnDisk = isShared && bytes > request.memoryLimit.map({ $0 / 4 }) ?? Self.mostDecodedBytes
    (self.plan, workers) = try plan(
      bytesPerSample: shape.precision.byteCount, decodedByteCount: isOnDisk ? 0 : bytes)
    guard isOnDisk else {
      let decoded = try SelectedSamples(
        audio, selection, shape.precision, for: request.memory
      ) { _ in }
      samples = ReaderSamples(decoded.reader)
      source = decoded.source
      decoding = decoded.stage
      meter = decoded.meter
      memoryUse = decoded.memoryUse
      scratch = nil
      owner = decoded
      return
    }
    let decoder = SampleDecoder(audio, selection)
    let size = DecodedScratch.byteCount(decoder, isDouble: isDouble)
    let folder = try ScratchFolder.choose(for: size, named: request.scratchFolder)
    let file = try ScratchFile(byteCount: size, in: folder.path)
    let decoded = try DecodedScratch(decoder, isDouble: isDouble, in: file)
    let meter = try LevelMeter(audio, selection, for: request.memory)
    samples = decoded
    source = .decodedToDisk
    decoding = Stage(
      name: SelectedSamples.decoding, blockCount: decoded.blockCount, weight: 2
    ) { try decoded.decode(block: $0, meter) }
    self.meter = meter
    memoryUse = meter.memoryUse
    scratch = (folder, file)
    owner = nil
  }
}
