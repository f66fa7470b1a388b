// SPDX-License-Identifier: GPL-2.0-or-later

/// The greatest and least value that a format can hold, where clipping leaves runs of samples.
struct FullScale: Sendable, Equatable {
  let greatest: Double
  let least: Double
  /// Distance of neighbouring values at full scale.
  let step: Double
  /// Whether samples can lie beyond.
  let canBeExceeded: Bool

  /// Integers of so many bits, divided by 2^(bits - 1).
  static func integers(bits: Int) -> FullScale {
    let step = 2 / Double(1 << bits)
    return FullScale(greatest: 1 - step, least: -1, step: step, canBeExceeded: false)
  }

  /// Floating point: nothing but custom ends at 1.
  static let floatingPoint = FullScale(
    greatest: 1, least: -1, step: 0x1p-23, canBeExceeded: true)

  /// Whether a sample is one of the two.
  @inline(__always)
  func isAt(_ sample: Double) -> Bool { sample == greatest || sample == least }
}

/// Runs of equal samples at full scale in one channel, as clipping leaves them.
///
/// A run counts if it has at least ``leastLength`` samples, and the signal comes or goes with a step of more
/// than ``leastStep`` values of the format. A signal that merely touches full scale has neither: noise
/// and music that were normalised touch it with a sample or two, and the round top of a low full-scale sine,
/// of which several samples in a row are rounded to the same value, is left with a step of four values at
/// most. (If a parabola c t^2 stays within one value for h samples to either side, with h >= 1, then
/// c <= 1 / h^2, and the next sample is below by c (h + 1)^2 <= 4.)
///
/// Runs of neighbouring pieces of a recording join: ``merge(_:)`` gives what one pass over both would.
struct FullScaleRuns: Sendable, Equatable, BitwiseCopyable {
  /// Samples of a run at least; Audacity's "Find Clipping" begins at three, too.
  static let leastLength = 3
  /// Values of the format that a step into or out of a run exceeds.
  static let leastStep = 4.0

  private struct Run: Sendable, Equatable, BitwiseCopyable {
    var length = 0
    /// Whether the signal came or went with a step, as far as is known.
    var isAbrupt = false
  }

  /// The smallest difference of two samples that is a step.
  private let step: Double
  private var count = 0
  private var first = 0.0
  private var last = 0.0
  /// The run that the first sample belongs to; what was before is not known.
  private var head = Run()
  /// The run that the last sample belongs to, unless it is the head.
  private var tail = Run()
  private var endedSamples = 0
  private var endedRuns = 0

  init(_ fullScale: FullScale) { step = Self.leastStep * fullScale.step }

  /// Whether all samples are one run.
  private var isWhole: Bool { count > 0 && head.length == count }

  /// All runs that count, and their samples, if nothing comes before or behind.
  var total: (samples: Int, runs: Int) {
    var closed = self
    closed.end(head)
    closed.end(tail)
    return (closed.endedSamples, closed.endedRuns)
  }

  private mutating func end(_ run: Run) {
    guard run.length >= Self.leastLength, run.isAbrupt else { return }
    endedSamples += run.length
    endedRuns += 1
  }

  /// The last run, if any, ends with a difference to the next sample.
  private mutating func endLast(_ difference: Double) {
    guard count > 0 else { return }
    let isAbrupt = abs(difference) > step
    if isWhole {
      head.isAbrupt = head.isAbrupt || isAbrupt
    } else if tail.length > 0 {
      tail.isAbrupt = tail.isAbrupt || isAbrupt
      end(tail)
      tail = Run()
    }
  }

  /// Goes on with one sample.
  mutating func append(_ sample: Double, isAtFullScale: Bool) {
    if isAtFullScale {
      if count == 0 {
        head = Run(length: 1)
      } else if sample != last {
        endLast(sample - last)
        tail = Run(length: 1, isAbrupt: abs(sample - last) > step)
      } else if isWhole {
        head.length += 1
      } else {
        tail.length += 1
      }
    } else {
      endLast(sample - last)
    }
    if count == 0 { first = sample }
    count += 1
    last = sample
  }

  /// Goes on with samples none of which is at full scale.
  mutating func skip(count skipped: Int, first: Double, last: Double) {
    endLast(first - self.last)
    if count == 0 { self.first = first }
    count += skipped
    self.last = last
  }

  /// Goes on with the runs of the samples that follow.
  mutating func merge(_ next: FullScaleRuns) {
    guard next.count > 0 else { return }
    guard count > 0 else {
      self = next
      return
    }
    let joins = next.head.length > 0 && next.first == last && (isWhole || tail.length > 0)
    if !joins {
      endLast(next.first - last)
      tail = next.head
      tail.isAbrupt = tail.isAbrupt || (tail.length > 0 && abs(next.first - last) > step)
      if !next.isWhole {
        end(tail)
        tail = next.tail
      }
    } else if isWhole {
      head.length += next.head.length
      head.isAbrupt = head.isAbrupt || next.head.isAbrupt
      tail = next.tail
    } else {
      tail.length += next.head.length
      tail.isAbrupt = tail.isAbrupt || next.head.isAbrupt
      if !next.isWhole {
        end(tail)
        tail = next.tail
      }
    }
    count += next.count
    last = next.last
    endedSamples += next.endedSamples
    endedRuns += next.endedRuns
  }
}
