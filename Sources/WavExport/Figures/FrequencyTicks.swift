// SPDX-License-Identifier: GPL-2.0-or-later

import Glibc
import WavSpectrum

/// Round frequencies for an axis: those with a label, and those that are only marked.
struct FrequencyTicks {
  /// In Hz, from low to high.
  let labelled: [Double]
  /// Between the labelled ones.
  let marked: [Double]

  /// Chooses frequencies from `low` to `high` for an axis of a given length.
  ///
  /// A logarithmic axis has labels at 1, 2 and 5 in every decade and marks at all digits; more labels if
  /// these are few, fewer if they would be closer than `leastDistance`. A linear axis, and one with less than
  /// two of these labels, has equal steps.
  init(
    _ low: Double, _ high: Double, _ spacing: FrequencySpacing, length: Double,
    leastDistance: Double
  ) {
    let isLogarithmic = spacing == .logarithmic
    let decades =
      isLogarithmic
      ? Self.inDecades(low, high, length: length, leastDistance: leastDistance) : nil
    if let decades, decades.labelled.count >= Self.enough || high >= 10 * low {
      self = decades
      return
    }
    // The highest steps are the narrowest of a logarithmic axis.
    func hasRoom(_ steps: EvenSteps) -> Bool {
      guard isLogarithmic, let last = steps.labelled.last, steps.labelled.count > 1 else {
        return true
      }
      return length * log(last / (last - steps.step)) / log(high / low) >= leastDistance
    }
    let most = min(10, max(1, Int(length / leastDistance)))
    let choices = (1...most).reversed().map { EvenSteps(low, high, most: $0) }
    let steps = choices.first(where: hasRoom) ?? choices[choices.count - 1]
    if let decades, decades.labelled.count >= steps.labelled.count {
      self = decades
    } else {
      self.init(labelled: steps.labelled, marked: steps.marked)
    }
  }

  private init(labelled: [Double], marked: [Double]) {
    self.labelled = labelled
    self.marked = marked
  }

  /// Labels that suffice.
  private static let enough = 4

  private static func inDecades(
    _ low: Double, _ high: Double, length: Double, leastDistance: Double
  ) -> FrequencyTicks? {
    let decades = Int(log10(low).rounded(.down))...Int(log10(high).rounded(.up))
    let decade = length / log10(high / low)
    func frequencies(_ digits: [Int]) -> [Double] {
      decades.flatMap { exponent in digits.map { Double($0) * powerOfTen(exponent) } }
        .filter { (low...high).contains($0) }
    }
    func hasRoom(_ digits: [Int]) -> Bool {
      zip(digits, digits.dropFirst() + [10]).allSatisfy { lower, upper in
        decade * log10(Double(upper) / Double(lower)) >= leastDistance
      }
    }
    let choices = [[1], [1, 2, 5], [1, 2, 3, 5, 7], Array(1...9)].filter(hasRoom)
    // So many decades that not even their beginnings have room: each second or third of them.
    guard let sparsest = choices.first else {
      let step = Int((leastDistance / decade).rounded(.up))
      let beginnings = frequencies([1])
      return FrequencyTicks(
        labelled: beginnings.indices.filter { $0 % step == 0 }.map { beginnings[$0] },
        marked: beginnings.indices.filter { $0 % step != 0 }.map { beginnings[$0] })
    }
    let usual = choices.last { $0.count <= 3 } ?? sparsest
    let digits =
      choices.first { $0.count >= usual.count && frequencies($0).count >= enough } ?? choices.last
      ?? usual
    let labelled = frequencies(digits)
    guard labelled.count >= 2 else { return nil }
    let marked = digits.count == 1 && !hasRoom([1, 2, 5]) ? [] : frequencies(Array(1...9))
    return FrequencyTicks(labelled: labelled, marked: marked.filter { !labelled.contains($0) })
  }

  /// A power of ten, as exact as its decimals.
  private static func powerOfTen(_ exponent: Int) -> Double {
    exponent < 0 ? 1 / pow(10, Double(-exponent)) : pow(10, Double(exponent))
  }
}

/// Round numbers at equal distances.
struct EvenSteps {
  /// Multiples of 1, 2 or 5 times a power of ten.
  let labelled: [Double]
  /// The fifths or halves between them.
  let marked: [Double]
  /// The distance of two labels.
  let step: Double

  /// Divides a range into at most `most` steps.
  init(_ low: Double, _ high: Double, most: Int) {
    let rough = (high - low) / Double(most)
    let power = pow(10, log10(rough).rounded(.down))
    let digit = [1.0, 2, 5, 10].first { $0 * power >= rough } ?? 10
    let step = digit * power
    self.step = step
    labelled = Self.multiples(of: step, low, high)
    let parts = digit == 2 ? 2.0 : 5
    marked = Self.multiples(of: step / parts, low, high).filter { value in
      abs(value / step - (value / step).rounded()) > 0.01
    }
  }

  private static func multiples(of step: Double, _ low: Double, _ high: Double) -> [Double] {
    let first = (low / step).rounded(.up)
    let last = (high / step).rounded(.down)
    guard last >= first else { return [] }
    return (0...Int(last - first)).map { (first + Double($0)) * step }
  }
}
