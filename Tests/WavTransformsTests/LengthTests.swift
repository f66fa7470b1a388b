// SPDX-License-Identifier: GPL-2.0-or-later

import Testing
import WavSpectrum

@testable import WavTransforms

@Suite struct LengthTests {
  @Test func factorsMultiplyToTheNumber() {
    for number in 1...500 {
      #expect(primeFactors(of: number).reduce(1, *) == number)
    }
    #expect(primeFactors(of: 267_193_057).reduce(1, *) == 267_193_057)
  }

  @Test func divisorsAreThoseOfTrialDivision() {
    for number in 1...300 {
      let expected = (1...number).filter { number % $0 == 0 }
      #expect(divisors(ofProduct: primeFactors(of: number)) == expected)
    }
  }

  @Test func smoothNumbersAreTheNextOnes() {
    func isSmooth(_ number: Int) -> Bool { primeFactors(of: number).allSatisfy { $0 <= 7 } }
    for minimum in 1...2000 {
      let expected = (minimum...).first(where: isSmooth)
      #expect(smoothNumber(atLeast: minimum, multipleOf: 1) == expected)
    }
    #expect(smoothNumber(atLeast: 1025, multipleOf: 16) == 1120)
  }

  @Test func automaticLengthIsExactWhereThatIsCheap() {
    func length(_ samples: Int, _ rule: LengthRule = .automatic) -> Int? {
      TransformLength(samples: samples, rule: rule)?.length
    }
    #expect(length(4_194_301) == 4_194_301)
    #expect(length(267_193_080) == 267_193_080)
    // A prime number of samples beyond 2^22.
    #expect(length(4_194_319).map { $0 > 4_194_319 && $0 % 16 == 0 } == true)
    #expect(length(4_194_319, .exact) == 4_194_319)
    #expect(length(1000, .fixed(1024)) == 1024)
    #expect(length(1000, .fixed(999)) == nil)
  }

  @Test func splitsAreFunctionsOfTheLengthAndKeepToTheCache() {
    for (length, parts) in [(1 << 20, 1), (1 << 28, 1), (267_193_080, 1), (33_399_135, 8)] {
      let split = FourStepSplit(length: length, parts: parts)
      #expect(split.map { $0.columnLength * $0.rowLength } == length)
      #expect(split.map { (256...16384).contains($0.columnLength) } == true)
    }
    #expect(FourStepSplit(length: 1000, parts: 1) == nil)
    #expect(FourStepSplit(length: 1_000_003, parts: 1) == nil)
  }
}

@Suite struct UnitRootsTests {
  #if arch(x86_64)
  private typealias Extended = Float80
  private static let tolerance = 4 * 0x1p-53
  #else
  // The reference itself is off by some units.
  private typealias Extended = Double
  private static let tolerance = 24 * 0x1p-53
  #endif

  @Test(arguments: [1, 2, 3, 8, 360, 4097, 1_000_003, 267_193_080])
  func rootsAreExactToFewUnits(order: Int) {
    let roots = UnitRoots(order: order)
    var index = 0
    for step in 0..<2000 {
      index = (index + step * 7919) % order
      let (cosine, sine) = highPrecisionRoot(index, order)
      #expect(abs(roots[index].x - cosine) <= Self.tolerance)
      #expect(abs(roots[index].y + sine) <= Self.tolerance)
    }
  }

  /// Cosine and sine of 2 pi r / N by their power series, on [-pi, pi].
  private func highPrecisionRoot(_ index: Int, _ order: Int) -> (Double, Double) {
    var turns = Extended(index) / Extended(order)
    if turns > 0.5 { turns -= 1 }
    let angle = 2 * Extended.pi * turns
    var (cosine, sine) = (Extended(0), Extended(0))
    var term = Extended(1)
    for power in 0..<60 {
      switch power % 4 {
      case 0: cosine += term
      case 1: sine += term
      case 2: cosine -= term
      default: sine -= term
      }
      term *= angle / Extended(power + 1)
    }
    return (Double(cosine), Double(sine))
  }
}
