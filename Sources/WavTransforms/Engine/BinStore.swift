// SPDX-License-Identifier: GPL-2.0-or-later

import WavSpectrum
import WavStages

/// What an engine keeps of every bin, in shared memory: magnitudes, complex numbers, or nothing.
///
/// Only a four-step engine of single precision rounds magnitudes, where a request allows it.
struct BinStore<Scalar: FFTWScalar> {
  let magnitudes: MagnitudeStore<Scalar>?
  /// For a scalar type of `Float`.
  let rounded: RoundedMagnitudes?
  let numbers: ComplexStore<Scalar>?

  static func needs(_ shape: PlanShape, mayRound: Bool = false) -> [RegionNeed] {
    guard let bins = shape.everyBin else { return [] }
    switch shape.values {
    case .magnitude:
      return rounds(shape, mayRound)
        ? [RoundedMagnitudes.need(bins)] : [MagnitudeStore<Scalar>.need(bins)]
    case .complex: return [ComplexStore<Scalar>.need(bins)]
    }
  }

  init(_ request: TransformRequest, in supply: inout RegionSupply, mayRound: Bool = false) {
    let isComplex = request.values == .complex
    let isRounded = Self.rounds(request.planShape, mayRound)
    magnitudes =
      isComplex || isRounded ? nil : request.everyBin.map { MagnitudeStore($0, in: &supply) }
    rounded =
      isRounded
      ? request.everyBin.map {
        RoundedMagnitudes($0, sampleCount: request.sampleCount, in: &supply)
      } : nil
    numbers = isComplex ? request.everyBin.map { ComplexStore($0, in: &supply) } : nil
  }

  /// The work before any bin is stored.
  var stages: [Stage] {
    [magnitudes?.stage, rounded?.stage, numbers?.stage].compactMap { $0 }
  }

  private static func rounds(_ shape: PlanShape, _ mayRound: Bool) -> Bool {
    mayRound && shape.roundsMagnitudes && shape.values == .magnitude && Scalar.self == Float.self
  }
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
