// SPDX-License-Identifier: GPL-2.0-or-later

import WavSpectrum

/// The length of a transform, and the number of samples it follows from.
public struct TransformLength: Sendable, Equatable {
  /// Number of samples transformed, per part.
  public let samples: Int
  /// Transform length N >= samples, per part.
  public let length: Int

  /// Zeros that pad the samples, per part.
  public var zeros: Int { length - samples }

  /// Up to this many samples the automatic length is always exact.
  public static let alwaysExact = 1 << 22
  /// Prime factors up to this one count as small: FFTW has direct code for them.
  public static let largestSmallPrime = 31

  /// Applies a rule to `samples` >= 1 samples; nil if a fixed length is too short.
  public init?(samples: Int, rule: LengthRule) {
    self.samples = samples
    switch rule {
    case .exact: length = samples
    case .fast: length = Self.fastLength(atLeast: samples)
    case .fixed(let length):
      guard length >= samples else { return nil }
      self.length = length
    case .automatic:
      let isExact =
        samples <= Self.alwaysExact
        || primeFactors(of: samples).allSatisfy { $0 <= Self.largestSmallPrime }
      length = isExact ? samples : Self.fastLength(atLeast: samples)
    }
  }

  /// The next length that is fast in FFTW: prime factors 2, 3, 5 and 7, and for long transforms a
  /// multiple of 16, so that every stage fills the vector registers.
  public static func fastLength(atLeast samples: Int) -> Int {
    smoothNumber(atLeast: samples, multipleOf: samples >= 1024 ? 16 : 1)
  }
}
