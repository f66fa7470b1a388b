// SPDX-License-Identifier: GPL-2.0-or-later

import WavSpectrum
import WavStages

/// What an engine keeps of every bin, in shared memory: magnitudes, complex numbers, or nothing.
struct BinStore<Scalar: FFTWScalar> {
  let magnitudes: MagnitudeStore<Scalar>?
  let numbers: ComplexStore<Scalar>?

  static func needs(_ shape: PlanShape) -> [RegionNeed] {
    guard let bins = shape.everyBin else { return [] }
    switch shape.values {
    case .magnitude: return [MagnitudeStore<Scalar>.need(bins)]
    case .complex: return [ComplexStore<Scalar>.need(bins)]
    }
  }

  init(_ request: TransformRequest, in supply: inout RegionSupply) {
    let isComplex = request.values == .complex
    magnitudes = isComplex ? nil : request.everyBin.map { MagnitudeStore($0, in: &supply) }
    numbers = isComplex ? request.everyBin.map { ComplexStore($0, in: &supply) } : nil
  }

  /// The work before any bin is stored.
  var stages: [Stage] { [magnitudes?.stage, numbers?.stage].compactMap { $0 } }
}

extension Stage {
  private static var bytesPerPiece: Int { 16 << 20 }

  /// Allocates the memory of a region, before it is written to.
  static func reserving(_ region: Region, name: String) -> Stage {
    let pieces = (region.byteCount + bytesPerPiece - 1) / bytesPerPiece
    return Stage(name: name, blockCount: pieces, weight: 0.1) { piece in
      let start = piece * bytesPerPiece
      try region.reserve(start..<min(start + bytesPerPiece, region.byteCount))
    }
  }
}
