// SPDX-License-Identifier: GPL-2.0-or-later

/// The greatest and least value of a format, at which clipping leaves runs of samples.
struct FullScale: Sendable, Equatable {
  let greatest: Double
  let least: Double
  /// Distance of neighbouring values at full scale.
  let step: Double
  /// Whether samples can exceed full scale.
  let canBeExceeded: Bool

  /// Integers with this many bits, divided by 2^(bits - 1).
  static func integers(bits: Int) -> FullScale {
    let step = 2 / Double(1 << bits)
    return FullScale(greatest: 1 - step, least: -1, step: step, canBeExceeded: false)
  }

  /// Floating point: full scale is 1 by convention only.
  static let floatingPoint = FullScale(
    greatest: 1, least: -1, step: 0x1p-23, canBeExceeded: true)

  /// Whether a sample is the greatest or the least value.
  @inline(__always)
  func isAt(_ sample: Double) -> Bool { sample == greatest || sample == least }
}

/// Runs of equal samples at full scale in one channel, as clipping leaves them.
///
/// A run counts if it has at least ``leastLength`` samples, and the signal enters or leaves it with
/// a step of more than ``leastStep`` values of the format. A signal that only touches full scale
/// does not: normalised noise and music touch it for a sample or two. The round top of a low
/// full-scale sine has several samples of the same value, but its steps are at most four values.
/// (If a parabola c t^2 stays within one value for h >= 1 samples to either side, then c <= 1 /
/// h^2, and the next sample is lower by c (h + 1)^2 <= 4.)
///
/// Runs of neighbouring pieces of a recording can be joined: ``merge(_:)`` gives the same result as
/// one pass over both.
struct FullScaleRuns: Sendable, Equatable, BitwiseCopyable {
  /// Least number of samples in a run; Audacity's "Find Clipping" uses three, too.
  static let leastLength = 3
  /// A step into or out of a run is greater than this many values of the format.
  static let leastStep = 4.0

  private struct Run: Sendable, Equatable, BitwiseCopyable {
    var length = 0
    /// Whether the signal entered or left the run with a step, as far as is known.
    var isAbrupt = false
  }

  /// A difference of two samples above this is a step.
  private let step: Double
  private var count = 0
  private var first = 0.0
  private var last = 0.0
  /// The run of the first sample; what came before it is unknown.
  private var head = Run()
  /// The run of the last sample, unless it is the head.
  private var tail = Run()
  private var endedSamples = 0
  private var endedRuns = 0

  init(_ fullScale: FullScale) { step = Self.leastStep * fullScale.step }

  /// Whether all samples are one run.
  private var isWhole: Bool { count > 0 && head.length == count }

  /// All runs that count, and their samples, if these are all samples of the channel.
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

  /// Ends the last run, if any; `difference` is the step to the next sample.
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

  /// Appends one sample.
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

  /// Appends samples none of which is at full scale.
  mutating func skip(count skipped: Int, first: Double, last: Double) {
    endLast(first - self.last)
    if count == 0 { self.first = first }
    count += skipped
    self.last = last
  }

  /// Appends the runs of the samples that follow.
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
