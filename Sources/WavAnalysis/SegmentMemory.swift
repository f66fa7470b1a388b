// SPDX-License-Identifier: GPL-2.0-or-later

import WavExport
import WavSpectrum
import WavSystem
import WavTransforms

/// The memory of a method with segments, checked before it is allocated.
struct SegmentMemory {
  /// Workers that there is memory for, at most as many as requested: results do not depend on their number.
  let workers: Int

  /// Bytes of a process before it has done anything: code, libraries, tables.
  private static let processByteCount = 8.0 * 1024 * 1024
  /// With less for all processes the system is not asked: in a batch of short files that takes long.
  private static let fewBytes = 256e6

  /// Decides the number of workers.
  ///
  /// - Parameters:
  ///   - request: The memory that is allowed, and the workers that are wanted.
  ///   - shape: The segments.
  ///   - plan: The memory that they need.
  ///   - decodedByteCount: Bytes of decoded samples in memory.
  /// - Throws: `SystemError` when the memory is too little for a single worker.
  init(
    _ request: AnalysisRequest, _ shape: TransformShape, _ plan: SegmentPlan,
    decodedByteCount: Int
  ) throws(SystemError) {
    let sizes =
      [Double(decodedByteCount)] + plan.regions.map { Double($0.byteCount) }
      + [Double(shape.page?.byteCount ?? 0)]
    let shared = sizes.reduce(Self.processByteCount, +)
    let own = plan.ownByteCount + Self.processByteCount
    let wanted = Double(max(1, request.workers))
    guard request.memoryLimit != nil || shared + wanted * own > Self.fewBytes else {
      workers = request.workers
      return
    }
    let budget = MemoryBudget(named: request.memoryLimit).byteCount
    let affordable = (Double(budget) - shared) / own
    if affordable >= 1 {
      workers = Int(min(affordable, Double(request.workers)))
      return
    }
    let layout = shape.segments
    let purpose =
      "transform \(layout?.count == 1 ? "a segment" : "segments") of \(grouped(shape.length.length)) samples"
    var ways: Sentence = "choose a shorter \(.segment)"
    // The powers of all segments are kept for their median.
    if shape.method.segmentation.average == .median { ways = "\(ways), or another \(.average)" }
    guard request.memoryLimit != nil else {
      if shape.precision == .double { ways = "\(ways), or use \(.singlePrecision)" }
      try MemoryDemand(shared: sizes, own: own, for: request.memory).require(to: purpose, or: ways)
      workers = min(request.workers, 1)
      return
    }
    throw SystemError(
      .noMemory, purpose: purpose,
      remedy: "\(readableBytes(budget)) of memory is too little; "
        + "\(readableBytes(Int(Streaming.readableBound(shared + own)))) is enough (\(.memory)), or \(ways)"
    )
  }
}
