// SPDX-License-Identifier: GPL-2.0-or-later

import WavAudio
import WavSystem
import WavTransforms

/// The amount of work for a file, known from its header.
public struct Workload: Sendable, Equatable {
  /// Samples of the signal.
  public let sampleCount: Int
  /// Approximate memory of the analysis in bytes, without the mapped file.
  public let byteCount: Int
  /// Whether a segment is transformed at a time.
  public let isSegmented: Bool
}

extension AnalysisRequest {
  /// The amount of work for an opened file.
  ///
  /// - Throws: `AudioError` or ``AnalysisError`` when the file does not fit the request.
  public func workload(of file: SoundFile) throws -> Workload {
    let selection = try selection(of: file)
    let shape = try transformShape(of: selection, in: file)
    if let plan = shape.segmentPlan(bytesPerSample: file.channels * shape.precision.byteCount) {
      let shared = plan.regions.reduce(0) { $0 + $1.byteCount }
      // More goes to the disk.
      let decoded =
        MappedSamples(file, selection) == nil
        ? min(shape.precision.byteCount * selection.count, SegmentInput.mostDecodedBytes) : 0
      let page = shape.page?.byteCount ?? 0
      return Workload(
        sampleCount: selection.count, byteCount: shared + decoded + page + Int(plan.ownByteCount),
        isSegmented: true)
    }
    var bytes = shape.plan.regions.reduce(0) { $0 + $1.byteCount }
    bytes += shape.page?.byteCount ?? 0
    if MappedSamples(file, selection) == nil {
      bytes += shape.precision.byteCount * selection.count
    }
    return Workload(sampleCount: selection.count, byteCount: bytes, isSegmented: false)
  }
}
