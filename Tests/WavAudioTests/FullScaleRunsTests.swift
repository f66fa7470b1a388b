// SPDX-License-Identifier: GPL-2.0-or-later

import Glibc
import Testing

@testable import WavAudio

@Suite struct FullScaleRunsTests {
  /// Runs in the codes of a format, found in one pass.
  private func runs(_ codes: [Int], bits: Int = 16) -> FullScaleRuns {
    let fullScale = FullScale.integers(bits: bits)
    var runs = FullScaleRuns(fullScale)
    for code in codes {
      let sample = Double(code) * fullScale.step
      runs.append(sample, isAtFullScale: fullScale.isAt(sample))
    }
    return runs
  }

  private func total(_ codes: [Int], bits: Int = 16) -> [Int] {
    let total = runs(codes, bits: bits).total
    return [total.samples, total.runs]
  }

  @Test func threeInARowCountAndTwoDoNot() {
    let top = 32767
    #expect(total([0, top, 0]) == [0, 0])
    #expect(total([0, top, top, 0]) == [0, 0])
    #expect(total([0, top, top, top, 0]) == [3, 1])
    #expect(total([0, -32768, -32768, -32768, -32768, 0, top, top, top, 5]) == [7, 2])
    // A greatest and a least value are not a run of equal samples.
    #expect(total([0, top, top, -32768, -32768, 0]) == [0, 0])
    #expect(total([0, top, top, top, -32768, -32768, -32768, 0]) == [6, 2])
    // One less than the greatest value is not full scale.
    #expect(total([0, 32766, 32766, 32766, 32766, 0]) == [0, 0])
    #expect(total([0, -32767, -32767, -32767, -32767, 0]) == [0, 0])
  }

  @Test func aRunNeedsAStepOnOneSide() {
    let top = 32767
    #expect(total([top - 4, top, top, top, top - 4]) == [0, 0])
    #expect(total([top - 5, top, top, top, top - 4]) == [3, 1])
    #expect(total([top - 4, top, top, top, top - 5]) == [3, 1])
    // What comes before the beginning and after the end is unknown.
    #expect(total([top, top, top, top]) == [0, 0])
    #expect(total([top, top, top, 0]) == [3, 1])
    #expect(total([0, top, top, top]) == [3, 1])
  }

  @Test(arguments: [8, 16, 24])
  func theRoundTopsOfAFullScaleSineAreNotClipped(bits: Int) {
    let peak = Double(1 << (bits - 1)) - 1
    for period in [25.0, 100, 441, 997.3, 4410, 22050, 100000] {
      for amplitude in [peak, peak + 0.3, peak + 0.49] {
        let codes = (0..<Int(3 * period)).map { index in
          Int((amplitude * sin(2 * .pi * Double(index) / period + 0.1)).rounded())
        }
        #expect(total(codes, bits: bits) == [0, 0], "period \(period), amplitude \(amplitude)")
      }
    }
  }

  @Test func aSineThatIsCutOffIsClipped() {
    for (period, gain) in [(100.0, 1.2), (100, 1.01), (2205, 1.01), (441, 10)] {
      let codes = (0..<Int(10 * period)).map { index in
        max(
          -32768, min(32767, Int((gain * 32767 * sin(2 * .pi * Double(index) / period)).rounded())))
      }
      let found = total(codes)
      #expect(found[1] == 20, "period \(period), gain \(gain)")
      #expect(found[0] == codes.filter { $0 == 32767 || $0 == -32768 }.count)
    }
  }

  @Test func piecesJoinToWhatOnePassFinds() {
    var random = SystemRandomNumberGenerator()
    for _ in 0..<3000 {
      let kinds = [32767, 32767, 32767, -32768, 32764, 0]
      let codes = (0..<Int.random(in: 1...40, using: &random)).map { _ in
        kinds.randomElement(using: &random) ?? 0
      }
      var cuts = (0..<3).map { _ in Int.random(in: 0...codes.count, using: &random) }.sorted()
      cuts = [0] + cuts + [codes.count]
      var joined = FullScaleRuns(.integers(bits: 16))
      for (start, end) in zip(cuts, cuts.dropFirst()) {
        joined.merge(runs(Array(codes[start..<end])))
      }
      #expect(joined == runs(codes), "\(codes) at \(cuts)")
    }
  }

  @Test func samplesThatAreSkippedCountAsPassed() {
    let fullScale = FullScale.integers(bits: 16)
    let step = fullScale.step
    for (before, behind) in [(32766, 32766), (32766, 0), (0, 32766), (0, 0)] {
      let codes = [0, before] + [32767, 32767, 32767] + [behind, 0]
      var skipping = FullScaleRuns(fullScale)
      skipping.skip(count: 2, first: 0, last: Double(before) * step)
      for _ in 0..<3 { skipping.append(32767 * step, isAtFullScale: true) }
      skipping.skip(count: 2, first: Double(behind) * step, last: 0)
      #expect(skipping == runs(codes))
    }
  }
}
