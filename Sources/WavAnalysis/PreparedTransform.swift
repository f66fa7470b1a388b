// SPDX-License-Identifier: GPL-2.0-or-later

import WavSamples
import WavSpectrum
import WavSystem
import WavTransforms

/// Everything that decides an engine, except for the samples.
struct TransformShape: Equatable {
  let grid: BinGrid
  let length: TransformLength
  let band: FrequencyBand
  let bandCount: Int
  let method: MethodDescription
  /// Arithmetic, also where the method leaves the choice.
  let precision: Precision
  let keepsEveryBin: Bool
  let values: BinValues
  /// Whether magnitudes are kept for cells of pages alone, and so may be rounded.
  var roundsMagnitudes = false
  /// The segments, of which one is transformed at a time; nil for a transform of all samples.
  var segments: SegmentLayout?
  /// The cells of a spectrogram; nil for other methods.
  var cells: SpectrogramCells?
  /// The proportional bands whose powers are wanted; nil for none.
  var division: BandDivision?

  /// The cells of pages; nil if there are none.
  var page: PageLayout?

  /// Number of samples under the window, all parts together.
  var sampleCount: Int { length.samples * grid.parts }

  /// The bins that are kept.
  var everyBin: Range<Int>? { keepsEveryBin ? grid.bins(in: band) : nil }

  /// What decides the memory.
  var planShape: PlanShape {
    // The first and the last band are for the bins outside.
    PlanShape(
      method: method, length: length, bandCount: division?.partition.count ?? bandCount + 2,
      everyBin: everyBin, values: values, roundsMagnitudes: roundsMagnitudes)
  }

  /// The transform before memory is allocated.
  var plan: SpectralPlan { SpectralPlan(planShape, precision: precision) }

  /// The method with segments before memory is allocated; nil for a transform of all samples.
  func segmentPlan(bytesPerSample: Int) -> SegmentPlan? {
    segments.map {
      SegmentPlan(planShape, $0, cells, precision: precision, bytesPerSample: bytesPerSample)
    }
  }

  /// The bands of the result.
  var bands: LogBands { LogBands(band, of: grid, count: bandCount) }

  /// What an engine computes for these bands.
  func request(_ bands: LogBands) -> TransformRequest {
    TransformRequest(
      method: method, length: length, grid: grid,
      bands: division?.partition ?? bands.surrounded(in: grid).partition, everyBin: everyBin,
      values: values, roundsMagnitudes: roundsMagnitudes)
  }
}

/// An engine with its tables and memory, for signals of one shape.
final class PreparedTransform {
  let shape: TransformShape
  let bands: LogBands
  let scaling: Scaling
  let engine: any TransformEngine
  /// The memory of the engine.
  let memory: AllocatedRegions

  /// Makes plans and tables and allocates memory.
  ///
  /// - Throws: `SystemError` when memory is short.
  init(
    _ shape: TransformShape, _ reader: SampleReader, for scope: MemoryScope
  ) throws(SystemError) {
    self.shape = shape
    bands = shape.bands
    scaling = shape.scaling
    let plan = shape.plan
    memory = try AllocatedRegions(plan.regions, for: scope)
    engine = plan.engine(shape.request(bands), reader, in: memory.regions)
  }
}

extension TransformShape {
  /// What turns magnitudes into levels.
  var scaling: Scaling {
    Scaling(
      windowName: method.window.rawValue, sampleCount: sampleCount,
      windowSum: method.window.sum(length: sampleCount),
      windowSquareSum: method.window.squareSum(length: sampleCount))
  }
}

/// Engines that are kept for further files, because many recordings of a folder have the same
/// length.
///
/// Making an engine for ten seconds of sound takes as long as the transform itself.
public final class EngineStore {
  private let sampleLimit: Int
  /// The engines; the most recently used is the last.
  private var kept: [PreparedTransform] = []

  /// A store of engines for at most `sampleLimit` samples in total, or of a single larger engine.
  public init(sampleLimit: Int) { self.sampleLimit = sampleLimit }

  /// Whether the store has an engine for this shape.
  func holds(_ shape: TransformShape) -> Bool { kept.contains { $0.shape == shape } }

  /// An engine for a signal: a kept one, or a new one.
  func transform(
    _ shape: TransformShape, _ reader: SampleReader
  ) throws(SystemError) -> PreparedTransform {
    let prepared: PreparedTransform
    if let index = kept.firstIndex(where: { $0.shape == shape }) {
      prepared = kept.remove(at: index)
      prepared.engine.load(reader)
    } else {
      // Release memory first, or there would be memory for both at the same time.
      makeRoom(for: shape.sampleCount)
      prepared = try PreparedTransform(shape, reader, for: .workers)
    }
    kept.append(prepared)
    return prepared
  }

  private func makeRoom(for count: Int) {
    var total = kept.reduce(count) { $0 + $1.shape.sampleCount }
    while total > sampleLimit, !kept.isEmpty { total -= kept.removeFirst().shape.sampleCount }
  }
}
