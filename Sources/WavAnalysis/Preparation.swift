// SPDX-License-Identifier: GPL-2.0-or-later

import WavAudio
import WavSpectrum
import WavStages
import WavSystem
import WavTransforms

/// A transform that is ready to run, in memory or over the disk: the engine, its samples, and what both take.
final class Preparation {
  /// What is computed.
  let shape: TransformShape
  /// The engine.
  let engine: any SpectralEngine
  /// The fine bands to which it reduces.
  let bands: LogBands
  /// What turns magnitudes into levels.
  let scaling: Scaling
  /// Measures the levels; they are known when the stages have run.
  let meter: LevelMeter
  /// The energy above the limit of decimation.
  let energy: EnergyEstimate?
  /// All the work.
  let stages: [Stage]
  /// Where the samples are read from.
  let source: SampleSource
  /// Memory of the samples, the transform and the levels.
  let memoryUse: MemoryUse
  /// The disk that is used; nil for a transform in memory.
  let disk: DiskUse?

  /// What the engine and the stages look into.
  private var owners: [AnyObject]
  /// Lets a stage name the file and its frames in its errors.
  private let naming: (Stage) -> Stage
  private let scope: MemoryScope

  private init(
    _ shape: TransformShape, _ engine: any SpectralEngine, _ bands: LogBands, _ meter: LevelMeter,
    _ energy: EnergyEstimate?, stages: [Stage], source: SampleSource, memoryUse: MemoryUse,
    disk: DiskUse?, owners: [AnyObject], scope: MemoryScope, naming: @escaping (Stage) -> Stage
  ) {
    self.shape = shape
    self.engine = engine
    self.bands = bands
    scaling = shape.scaling
    self.meter = meter
    self.energy = energy
    self.stages = stages
    self.source = source
    self.memoryUse = energy.map { memoryUse + $0.memory.use } ?? memoryUse
    self.disk = disk
    self.owners = owners
    self.scope = scope
    self.naming = naming
  }

  /// Whether the transform itself goes over the disk, which makes its peaks expensive.
  var isOverDisk: Bool { engine is any SurveyedEngine }

  /// Waits until scratch files are on the device; an error that nobody has been told yet is thrown here.
  func settle() throws(SystemError) { try disk?.settle() }

  /// The work after which the engine knows the transform around some bins.
  ///
  /// - Throws: `SystemError` when memory is short.
  func survey(_ bins: [Int]) throws(SystemError) -> Stage {
    guard let engine = engine as? any SurveyedEngine else {
      preconditionFailure("an engine in memory knows every bin")
    }
    let memory = try AllocatedRegions([engine.surveyNeed(binCount: bins.count)], for: scope)
    owners.append(memory)
    return naming(engine.survey(bins, in: memory.regions[0]))
  }

  /// Prepares a transform in memory.
  ///
  /// - Throws: `SystemError` when memory is short, and what reading the samples throws.
  static func inMemory(
    _ request: AnalysisRequest, _ shape: TransformShape, _ file: SoundFile,
    _ selection: SampleSelection, reusing engines: EngineStore?
  ) throws -> Preparation {
    let samples = try SelectedSamples(file, selection, shape.precision, for: request.memory) {
      isDecoded in
      // A kept engine has its memory; asking the system takes as long as a short transform.
      if !isDecoded, engines?.holds(shape) == true { return }
      try request.requireMemory(for: shape, of: selection, isDecoded: isDecoded)
    }
    let transform =
      try engines?.transform(shape, samples.reader)
      ?? PreparedTransform(shape, samples.reader, for: request.memory)
    let energy =
      request.method.parts > 1
      ? try EnergyEstimate(samples.reader, parts: request.method.parts, for: request.memory) : nil
    let naming = { (stage: Stage) in stage.namingSamples(of: request.path, from: selection.start) }
    return Preparation(
      shape, transform.engine, transform.bands, samples.meter, energy,
      stages: [samples.stage] + (energy.map { [$0.estimate.stage] } ?? [])
        + transform.engine.stages.map(naming),
      source: samples.source, memoryUse: samples.memoryUse + transform.memory.use, disk: nil,
      owners: [samples, transform], scope: request.memory, naming: naming)
  }

  /// Prepares a transform over the disk.
  ///
  /// - Throws: `SystemError` when disk or memory is short, and what reading the samples throws.
  static func streamed(
    _ streaming: Streaming, _ request: AnalysisRequest, _ shape: TransformShape,
    _ file: SoundFile, _ selection: SampleSelection
  ) throws -> Preparation {
    let plan = streaming.plan
    let samples = streaming.samples
    let pieces = PieceLayout(
      sampleCount: selection.count, rowCount: plan.rowCount, borders: plan.pieceBorders,
      tailStart: shape.sampleCount)
    // Samples that are decoded are measured on the way.
    let meter = try LevelMeter(
      file, selection, pieces: streaming.decoded == nil ? pieces : nil, for: request.memory)
    let memory = try AllocatedRegions(plan.regions, for: request.memory)
    let scratch = try plan.scratch.map { size throws(SystemError) in
      try ScratchFile(byteCount: size, in: streaming.folder.path)
    }
    let bands = shape.bands
    let engine = plan.engine(
      shape.request(bands), samples, in: memory.regions, scratch: scratch,
      blocksAhead: streaming.workers
    ) { piece, reader in
      if streaming.decoded == nil { meter.measure(piece: piece, of: reader) }
    }
    let energy =
      request.method.parts > 1
      ? try EnergyEstimate(
        count: selection.count, parts: request.method.parts, for: request.memory
      ) {
        start, count, output in
        let room = UnsafeMutableRawBufferPointer.allocate(
          byteCount: count * samples.bytesPerSample, alignment: 16)
        defer { room.deallocate() }
        try samples.read(start..<start + count, into: room)
          .read(from: 0, count: count, into: output)
      } : nil
    let first =
      streaming.decoded.map { decoded in
        Stage(name: SelectedSamples.decoding, blockCount: decoded.blockCount, weight: 2) {
          try decoded.decode(block: $0, meter)
        }
      }
      ?? Stage(name: "levels", blockCount: pieces.tail.isEmpty ? 0 : 1, weight: 0.001) { _ in
        let room = UnsafeMutableRawBufferPointer.allocate(
          byteCount: pieces.tail.count * samples.bytesPerSample, alignment: 16)
        defer { room.deallocate() }
        meter.measure(piece: pieces.tailPiece, of: try samples.read(pieces.tail, into: room))
      }
    let stages = [first] + (energy.map { [$0.estimate.stage] } ?? []) + engine.stages
    let naming = { (stage: Stage) in stage.namingSamples(of: request.path, from: selection.start) }
    return Preparation(
      shape, engine, bands, meter, energy,
      stages: stages.map(naming), source: streaming.decoded == nil ? .read : .decodedToDisk,
      memoryUse: meter.memoryUse + memory.use,
      disk: DiskUse(
        folder: streaming.folder.path, remark: streaming.folder.warning,
        byteCount: (scratch + [streaming.decodedFile].compactMap(\.self)).reduce(0) {
          $0 + $1.byteCount
        },
        passCount: plan.passCount,
        memory: streaming.byteCount, workers: streaming.workers, input: streaming.reads,
        scratch: scratch + [streaming.decodedFile].compactMap(\.self)),
      owners: [memory, samples as AnyObject] + scratch, scope: request.memory, naming: naming)
  }

  /// Prepares a method with segments, which reads the signal in pieces and takes little memory.
  ///
  /// - Returns: The engine, and the number of workers that there is memory for.
  /// - Throws: `SystemError` when memory or disk is short, and what reading the samples throws.
  static func segmented(
    _ request: AnalysisRequest, _ shape: TransformShape, _ file: SoundFile,
    _ selection: SampleSelection, passing pass: (any SegmentPowersSink)? = nil
  ) throws -> (Preparation, workers: Int) {
    let input = try SegmentInput(request, shape, file, selection)
    let samples = input.samples
    let plan = input.plan
    let memory = try AllocatedRegions(plan.regions, for: request.memory)
    let bands = shape.bands
    let engine = plan.engine(shape.request(bands), samples, in: memory.regions, pass: pass) {
      piece, reader in
      if input.decoding == nil { input.meter.measure(row: piece, of: reader) }
    }
    let naming = { (stage: Stage) in stage.namingSamples(of: request.path, from: selection.start) }
    let preparation = Preparation(
      shape, engine, bands, input.meter, nil,
      stages: ([input.decoding].compactMap(\.self) + engine.stages).map(naming),
      source: input.source, memoryUse: input.memoryUse + memory.use,
      disk: input.scratch.map { scratch in
        DiskUse(
          folder: scratch.folder.path, remark: scratch.folder.warning,
          byteCount: scratch.file.byteCount, passCount: 1,
          memory: nil, workers: input.workers, input: input.reads, scratch: [scratch.file])
      },
      owners: [input, memory], scope: request.memory, naming: naming)
    return (preparation, input.workers)
  }
}
