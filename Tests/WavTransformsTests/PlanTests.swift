// SPDX-License-Identifier: GPL-2.0-or-later

import Testing
import WavSamples
import WavSpectrum
import WavStages

@testable import WavTransforms

/// A plan knows the memory of an engine before anything is allocated.
@Suite struct PlanTests {
  private func shape(
    _ samples: Int, parts: Int = 1, bandCount: Int = 50, everyBin: Range<Int>? = nil
  ) throws -> PlanShape {
    PlanShape(
      method: method(parts, .rectangular),
      length: try #require(TransformLength(samples: samples, rule: .exact)),
      bandCount: bandCount, everyBin: everyBin)
  }

  private func byteCount(_ shape: PlanShape, _ precision: Precision = .single) -> Int {
    SpectralPlan(shape, precision: precision).regions.reduce(0) { $0 + $1.byteCount }
  }

  /// Each engine takes all regions in the order of the plan; otherwise it traps.
  @Test(arguments: [(1000, 1), (1001, 3), (1 << 18, 1), (1 << 16, 4), (4_194_304, 1), (200_003, 1)])
  func enginesTakeWhatThePlanSays(samples: Int, parts: Int) throws {
    for everyBin in [nil, 0..<100] {
      let length = try #require(TransformLength(samples: samples, rule: .exact))
      let grid = BinGrid(sampleRate: 8000, transformLength: length.length, parts: parts)
      let request = TransformRequest(
        method: method(parts, .rectangular), length: length, grid: grid,
        bands: LogBands(.full, of: grid, count: 50), everyBin: everyBin)
      let silence = [Float](repeating: 0, count: samples * parts)
      for precision in [Precision.single, .double] {
        let plan = SpectralPlan(request.planShape, precision: precision)
        let memory = try PrivateRegions(plan.regions)
        try silence.withUnsafeBufferPointer { buffer in
          let reader = SampleReader(try #require(buffer.baseAddress), count: buffer.count)
          _ = plan.engine(request, reader, in: memory.regions)
        }
      }
    }
  }

  @Test func memoryGrowsWithWhatIsAsked() throws {
    let plain = try byteCount(shape(1 << 22))
    #expect(try byteCount(shape(1 << 22), .double) > plain * 19 / 10)
    #expect(try byteCount(shape(1 << 23)) > plain * 19 / 10)
    #expect(try byteCount(shape(1 << 22, everyBin: 0..<1000)) == plain + 4000)
    #expect(try byteCount(shape(1 << 22, bandCount: 5000)) > plain)
    // Four bytes per sample: half a complex number, and the memory of windows and bands.
    #expect(plain > 4 << 22 && plain < 5 << 22)
  }

  /// Far too large sizes must be reported, and must not overflow.
  @Test func planningTakesNothing() throws {
    let shape = try #require(
      TransformLength(samples: 1 << 30, rule: .fixed(1 << 40))
    )
    let plan = SpectralPlan(
      PlanShape(
        method: .decimated(parts: 4096), length: shape, bandCount: 65538, everyBin: nil),
      precision: .double)
    #expect(plan.regions.reduce(0) { $0 + Double($1.byteCount) } > 0x1p54)
  }
}
