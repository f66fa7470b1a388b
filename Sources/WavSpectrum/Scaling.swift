// SPDX-License-Identifier: GPL-2.0-or-later

import Glibc

/// Converts magnitudes to amplitudes, levels and powers, by the sums of the window.
///
/// After G. Heinzel, A. Rüdiger and R. Schilling, "Spectrum and spectral density estimation by the
/// Discrete Fourier transform (DFT)", 2002: S1 = sum w, S2 = sum w^2.
public struct Scaling: Sendable, Equatable {
  /// Name of the window, such as `hann`.
  public let windowName: String
  /// Number of samples under the window, all parts together.
  public let sampleCount: Int
  /// S1, the sum of the window over the samples used (all parts together).
  public let windowSum: Double
  /// S2, the sum of the squares of the window.
  public let windowSquareSum: Double

  /// Describes a window by its sums.
  public init(windowName: String, sampleCount: Int, windowSum: Double, windowSquareSum: Double) {
    self.windowName = windowName
    self.sampleCount = sampleCount
    self.windowSum = windowSum
    self.windowSquareSum = windowSquareSum
  }

  /// Amplitude of the sine that has this magnitude: 2 |X| / S1, or |X| / S1 for an unpaired bin.
  public func amplitude(magnitude: Double, isUnpaired: Bool) -> Double {
    (isUnpaired ? 1 : 2) * magnitude / windowSum
  }

  /// Level in dBFS by AES17, where a sine of amplitude 1 reads 0; minus infinity for silence.
  public func level(magnitude: Double, isUnpaired: Bool) -> Double {
    20 * log10(amplitude(magnitude: magnitude, isUnpaired: isUnpaired))
  }

  /// Replaces magnitudes of paired bins by their levels, in single precision.
  ///
  /// - Parameter magnitudes: Before, |X|; after, levels in dBFS.
  /// - Complexity: O(n), eight at a time.
  public func convertToLevels(_ magnitudes: inout MutableSpan<Float>) {
    magnitudes.withUnsafeMutableBufferPointer { buffer in
      guard let values = buffer.baseAddress else { return }
      convertToLevels(values, buffer.count)
    }
  }

  private func convertToLevels(_ values: UnsafeMutablePointer<Float>, _ count: Int) {
    let scale = Float(2 / windowSum)
    for index in stride(from: 0, to: count - count % 8, by: 8) {
      let eight = UnsafeMutableRawPointer(values + index)
      let amplitudes = eight.loadUnaligned(as: SIMD8<Float>.self) * scale
      eight.storeBytes(of: decibels(of: amplitudes), as: SIMD8<Float>.self)
    }
    for index in count - count % 8..<count {
      values[index] = decibels(of: SIMD8(repeating: values[index] * scale))[0]
    }
  }

  /// The coherent gain of the window: S1 divided by the number of samples.
  public var coherentGain: Double { windowSum / Double(sampleCount) }

  /// Equivalent noise bandwidth in Hz: fs * S2 / S1^2.
  public func noiseBandwidth(sampleRate: Int) -> Double {
    Double(sampleRate) * windowSquareSum / (windowSum * windowSum)
  }

  /// Mean-square power, in FS^2, of a set of bins.
  ///
  /// By Parseval's theorem the powers of all bins add up to the mean square of the samples used
  /// (with a window: to that of the windowed samples divided by the mean square of the window). A
  /// sine of amplitude 1 has 0.5.
  ///
  /// - Parameters:
  ///   - squareSum: Sum over the bins and the parts of |F_p[k]|^2, where unpaired bins count half.
  ///   - transformLength: N, zeros included.
  /// - Returns: The power in FS^2.
  public func power(squareSum: Double, transformLength: Int) -> Double {
    2 * squareSum / (Double(transformLength) * windowSquareSum)
  }
}
