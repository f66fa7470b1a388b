// SPDX-License-Identifier: GPL-2.0-or-later

import Glibc
import WavAudio
import WavSpectrum

/// The power of rounding errors in a spectrum; nothing below it is a peak.
struct RoundingFloor {
  /// Mean power of a bin from the rounding of the samples to their format, if that is like noise.
  let samples: Double
  /// Mean square of the whole rounding error of the samples.
  let samplesMeanSquare: Double
  /// Upper limit of the power of a bin from rounding errors of the transform.
  let transform: Double

  /// Describes the rounding of samples.
  ///
  /// - Parameters:
  ///   - format: How the samples were rounded when they were recorded.
  ///   - precision: Precision of the transform.
  ///   - meanSquare: Mean square of the samples.
  ///   - squareSum: Sum of the squares of the window over the samples of one part.
  init(
    _ format: SampleRounding, precision: Precision, meanSquare: Double, squareSum: Double
  ) {
    switch format {
    case .unknown: samplesMeanSquare = 0
    case .integer(let bits):
      // W. R. Bennett, "Spectra of quantized signals", Bell Syst. Tech. J. 27 (1948): step^2 / 12.
      let step = exp2(Double(1 - bits))
      samplesMeanSquare = step * step / 12
    case .floating(let bits):
      // Relative to the samples, at most half a unit in the last place.
      samplesMeanSquare = meanSquare * exp2(Double(-2 * bits)) / 3
    }
    samples = samplesMeanSquare * squareSum
    // The errors have an RMS of about 3 eps of that of the spectrum, spread over the bins; those of
    // a single sine gather in fewer, stronger bins.
    let epsilon = precision == .single ? Double(Float.ulpOfOne) : .ulpOfOne
    transform = 256 * epsilon * epsilon * meanSquare * squareSum
  }
}

/// How samples were rounded when they were recorded.
enum SampleRounding: Equatable {
  /// To integers with this many bits.
  case integer(bits: Int)
  /// To floating-point numbers with a mantissa of this many bits.
  case floating(bits: Int)
  /// Unknown, for lossy formats.
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
