// SPDX-License-Identifier: GPL-2.0-or-later

import Glibc
import WavAudio
import WavSpectrum

/// What rounding leaves in a spectrum, below which nothing is a peak.
struct RoundingFloor {
  /// Mean power of a bin that the rounding of the samples to their format makes, if it is like noise.
  let samples: Double
  /// All of that as the mean square of a signal.
  let samplesMeanSquare: Double
  /// Power of a bin that the rounding errors of the transform stay below.
  let transform: Double

  /// Describes the rounding of samples.
  ///
  /// - Parameters:
  ///   - format: How the samples were rounded before.
  ///   - epsilon: Distance of 1 and the next number in the arithmetic of the transform.
  ///   - meanSquare: Mean square of the samples.
  ///   - squareSum: Sum of the squares of the window over the samples of one part.
  init(_ format: SampleRounding, epsilon: Double, meanSquare: Double, squareSum: Double) {
    switch format {
    case .unknown: samplesMeanSquare = 0
    case .integer(let bits):
      // W. R. Bennett, "Spectra of quantized signals", Bell Syst. Tech. J. 27 (1948): step^2 / 12.
      let step = exp2(Double(1 - bits))
      samplesMeanSquare = step * step / 12
    case .floating(let bits):
      // Relative to the samples, and at most half a unit of the last place.
      samplesMeanSquare = meanSquare * exp2(Double(-2 * bits)) / 3
    }
    samples = samplesMeanSquare * squareSum
    // Errors are spread over the bins with an RMS of about 3 eps of that of the spectrum; of a single
    // sine they gather in bins that are stronger.
    transform = 256 * epsilon * epsilon * meanSquare * squareSum
  }
}

/// How samples were rounded when they were recorded.
enum SampleRounding: Equatable {
  /// To integers of so many bits.
  case integer(bits: Int)
  /// To floating-point numbers with a mantissa of so many bits.
  case floating(bits: Int)
  /// Not known: lossy formats.
  case unknown
}

extension SoundFile {
  /// How the samples of the file were rounded.
  var rounding: SampleRounding {
    guard !isLossy, let bits = bitsPerSample else { return .unknown }
    if encoding.contains("float") { return .floating(bits: bits == 32 ? 24 : 53) }
    return .integer(bits: bits)
  }
}
