// SPDX-License-Identifier: GPL-2.0-or-later

import Foundation
import Testing
import WavSamples
import WavStages

@testable import WavTransforms

/// The share of the energy above the limit of decimation.
@Suite struct EnergyTests {
  private func share(
    _ count: Int, parts: Int, _ sample: (Double) -> Double
  ) throws -> (share: Double?, isExact: Bool) {
    try estimate(count, parts: parts, sample) { ($0.share, $0.method == .wholeRecording) }
  }

  private func estimate<Result>(
    _ count: Int, parts: Int, _ sample: (Double) -> Double, _ result: (EnergyAboveLimit) -> Result
  ) throws -> Result {
    let samples = (0..<count).map { sample(Double($0)) }
    return try samples.withUnsafeBufferPointer { buffer in
      let memory = try PrivateRegions(EnergyAboveLimit.needs(count: count, parts: parts))
      defer { withExtendedLifetime(memory) {} }
      let reader = SampleReader(try #require(buffer.baseAddress), count: buffer.count)
      let energy = EnergyAboveLimit(count: count, parts: parts, in: memory.regions) {
        reader.read(from: $0, count: $1, into: $2)
      }
      for block in 0..<energy.stage.blockCount { try energy.stage.perform(block) }
      return result(energy)
    }
  }

  /// A tone in cycles per sample.
  private func tone(_ frequency: Double, _ n: Double) -> Double { sin(2 * .pi * frequency * n) }

  @Test func theShareIsExactForAShortRecording() throws {
    // 0.5 of DC has the power 0.25, a sine of amplitude 0.6 has 0.18, Nyquist at 0.3 has 0.09.
    let found = try share(1000, parts: 2) { n in
      0.5 + 0.6 * tone(0.3, n) + (n.truncatingRemainder(dividingBy: 2) == 0 ? 0.3 : -0.3)
    }
    #expect(found.isExact)
    #expect(abs(try #require(found.share) - 0.27 / 0.52) < 1e-12)
  }

  @Test func theLimitItselfIsNotAboveIt() throws {
    // A quarter of the sampling rate is the limit of two parts.
    #expect(abs(try #require(share(1000, parts: 2) { cos(.pi / 2 * $0) }.share)) < 1e-12)
    #expect(abs(try #require(share(1000, parts: 2) { tone(0.251, $0) }.share) - 1) < 1e-12)
  }

  /// Without a window the strong tone would leak a thousandth of its energy above the limit.
  @Test func aStrongToneBelowTheLimitDoesNotLeakAboveIt() throws {
    let found = try share(100_000, parts: 8) { n in tone(0.0251, n) + 0.001 * tone(0.21, n) }
    #expect(!found.isExact)
    #expect(abs(try #require(found.share) / 1e-6 - 1) < 0.01)
  }

  /// At most 512 segments are used, spread over the recording.
  @Test func theWholeRecordingIsLookedAt() throws {
    // Above the limit only in the third quarter, with four times the energy.
    let count = 1_600_000
    let found = try share(count, parts: 4) { n in
      Int(n) * 4 / count == 2 ? 2 * tone(0.31, n) : tone(0.03, n)
    }
    #expect(abs(try #require(found.share) - 4.0 / 7) < 0.01)
  }

  @Test(arguments: [1000, 100_000]) func silenceHasNoShare(count: Int) throws {
    #expect(try share(count, parts: 8) { _ in 0 }.share == nil)
  }

  /// A tone above the limit is found where it appears among the parts, one below stays where it is.
  @Test(arguments: [(1000, 0.31), (100_000, 0.31), (100_000, 0.44), (100_000, 0.19)])
  func powerFoldsToItsImage(count: Int, frequency: Double) throws {
    let parts = 4.0
    let powers = try estimate(count, parts: Int(parts)) { n in
      tone(0.02, n) + 0.5 * tone(frequency, n)
    } _: {
      $0.foldedPowers
    }
    // In units of the limit, 1 / (2 P) cycles per sample.
    let image = abs(frequency - (frequency * parts).rounded() / parts) * 2 * parts
    let strongest = powers.map(\.direct).max() ?? 0
    let folded = powers.filter { $0.folded > $0.direct && $0.folded > 1e-3 * strongest }
    #expect(folded.contains { $0.range.contains(image) })
    #expect(folded.allSatisfy { abs($0.range.lowerBound - image) < 0.2 })
    let own = try #require(powers.first { $0.range.contains(0.02 * 2 * parts) })
    #expect(own.direct > 100 * own.folded)
    let sums = powers.reduce((0.0, 0.0)) { ($0.0 + $1.direct, $0.1 + $1.folded) }
    #expect(abs(sums.1 / sums.0 / 0.25 - 1) < 0.01)
  }
}
