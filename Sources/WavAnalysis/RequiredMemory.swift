// SPDX-License-Identifier: GPL-2.0-or-later

import WavAudio
import WavExport
import WavSpectrum
import WavSystem
import WavTransforms

extension AnalysisRequest {
  /// Refuses what does not fit, before any memory is taken.
  ///
  /// - Throws: `SystemError` with the need and the ways out.
  func requireMemory(
    for length: TransformLength, of selection: SampleSelection, _ precision: Precision,
    isDecoded: Bool
  ) throws(SystemError) {
    let engine = engineMemory(
      length: length.length, parts: method.parts, precision: precision, bandCount: fineBandCount)
    let scalar = precision == .single ? 4.0 : 8.0
    var demand = MemoryDemand(shared: [], own: engine.own)
    if isDecoded { demand.shared.append(scalar * Double(selection.count)) }
    demand.shared += engine.shared
    if points == .all { demand.shared.append(scalar * (Double(length.length) / 2 + 1)) }
    var remedies: [String] = []
    if length.zeros > length.samples { remedies.append("choose a smaller --length") }
    remedies.append("analyse a part with --duration")
    if precision == .double { remedies.append("use --precision single") }
    try demand.require(
      to: "transform \(grouped(length.length)) samples"
        + (method.parts > 1 ? " in each of \(method.parts) parts" : ""),
      remedy: remedies.joined(separator: ", or "))
  }
}
