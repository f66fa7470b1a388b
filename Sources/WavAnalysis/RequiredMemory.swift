// SPDX-License-Identifier: GPL-2.0-or-later

import WavAudio
import WavExport
import WavSpectrum
import WavSystem
import WavTransforms

extension AnalysisRequest {
  /// Refuses a request that needs too much memory, before anything is allocated.
  ///
  /// - Throws: `SystemError` with the demand and the remedies.
  func requireMemory(
    for shape: TransformShape, of selection: SampleSelection, isDecoded: Bool
  ) throws(SystemError) {
    let plan = shape.plan
    let length = shape.length
    var demand = MemoryDemand(
      shared: plan.regions.map { Double($0.byteCount) }, own: plan.ownByteCount, for: memory)
    if isDecoded {
      demand.shared.insert(
        Double(shape.precision.byteCount) * Double(selection.count), at: 0)
    }
    if keepsEveryBin {
      demand.shared.append(Double(8 * values.scalarCount * (shape.everyBin?.count ?? 0)))
    }
    if let page = shape.page { demand.shared.append(Double(page.byteCount)) }
    var ways: Sentence = "analyse a part with \(.duration)"
    if length.zeros > length.samples { ways = "choose a smaller \(.length), or \(ways)" }
    if shape.precision == .double { ways = "\(ways), or use \(.singlePrecision)" }
    try demand.require(
      to: "transform \(grouped(length.length)) samples"
        + (method.parts > 1 ? " in each of \(method.parts) parts" : ""),
      or: ways)
  }
}
