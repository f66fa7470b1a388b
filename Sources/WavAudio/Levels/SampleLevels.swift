// SPDX-License-Identifier: GPL-2.0-or-later

/// Levels of some samples of one signal; full scale is 1.
public struct SampleLevels: Sendable, Equatable, BitwiseCopyable {
  /// Number of samples.
  public var count = 0
  /// Sum of the samples.
  public var sum = 0.0
  /// Sum of their squares.
  public var squareSum = 0.0
  /// The least sample; infinity if there is none.
  public var least = Double.infinity
  /// The greatest sample; minus infinity if there is none.
  public var greatest = -Double.infinity

  /// Levels of no samples.
  public init() {}

  /// Mean of the samples: their component at 0 Hz.
  public var mean: Double { sum / Double(count) }

  /// Mean square of the samples, in FS^2; a sine of amplitude 1 has 0.5.
  public var meanSquare: Double { squareSum / Double(count) }

  /// The greatest absolute value, in FS.
  public var peak: Double { max(-least, greatest) }

  /// Adds the levels of further samples.
  mutating func merge(_ other: SampleLevels) {
    // The record of a segment that was never measured is all zeros.
    guard other.count > 0 else { return }
    count += other.count
    sum += other.sum
    squareSum += other.squareSum
    least = min(least, other.least)
    greatest = max(greatest, other.greatest)
  }

  /// Levels of samples in memory.
  init(_ samples: UnsafePointer<Double>, count: Int) {
    self.count = count
    var (sums, squares) = (SIMD8<Double>(), SIMD8<Double>())
    var lowest = SIMD8(repeating: Double.infinity)
    var highest = SIMD8(repeating: -Double.infinity)
    let whole = count & ~7
    for index in stride(from: 0, to: whole, by: 8) {
      let vector = UnsafeRawPointer(samples + index).loadUnaligned(as: SIMD8<Double>.self)
      sums += vector
      squares += vector * vector
      lowest.replace(with: vector, where: vector .< lowest)
      highest.replace(with: vector, where: vector .> highest)
    }
    (sum, squareSum) = (sums.sum(), squares.sum())
    (least, greatest) = (lowest.min(), highest.max())
    for index in whole..<count {
      let sample = samples[index]
      sum += sample
      squareSum += sample * sample
      if sample < least { least = sample }
      if sample > greatest { greatest = sample }
    }
  }
}
