// SPDX-License-Identifier: GPL-2.0-or-later

import Testing
import WavSamples
import WavSpectrum
import WavStages

@testable import WavTransforms

/// A plan knows the memory of an engine before anything is allocated.
@Suite struct PlanTests {
  private func shape(
    _ samples: Int, parts: Int = 1, bandCount: Int = 50, everyBin: Range<Int>? = nil,
    values: BinValues = .magnitude
  ) throws -> PlanShape {
    PlanShape(
      method: method(parts, .rectangular),
      length: try #require(TransformLength(samples: samples, rule: .exact)),
      bandCount: bandCount, everyBin: everyBin, values: values)
  }

  private func byteCount(_ shape: PlanShape, _ precision: Precision = .single) -> Int {
    SpectralPlan(shape, precision: precision).regions.reduce(0) { $0 + $1.byteCount }
  }

  /// Each engine takes all regions in the order of the plan; otherwise it traps.
  @Test(arguments: [(1000, 1), (1001, 3), (1 << 18, 1), (1 << 16, 4), (4_194_304, 1), (200_003, 1)])
  func enginesTakeWhatThePlanSays(samples: Int, parts: Int) throws {
    for (everyBin, values) in [
      (nil, BinValues.magnitude), (0..<100, .magnitude), (0..<100, .complex), (nil, .complex),
    ] where parts == 1 || values == .magnitude {
      let length = try #require(TransformLength(samples: samples, rule: .exact))
      let grid = BinGrid(sampleRate: 8000, transformLength: length.length, parts: parts)
      let request = TransformRequest(
        method: method(parts, .rectangular), length: length, grid: grid,
        bands: LogBands(.full, of: grid, count: 50), everyBin: everyBin, values: values)
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
    let complex = try shape(1 << 22, everyBin: 0..<1000, values: .complex)
    #expect(byteCount(complex) == plain + 8000)
    let double = try byteCount(shape(1 << 22), .double)
    #expect(byteCount(complex, .double) == double + 16000)
    #expect(try byteCount(shape(1 << 22, bandCount: 5000)) > plain)
    // Four bytes per sample: half a complex number, and the memory of windows and bands.
    #expect(plain > 4 << 22 && plain < 5 << 22)
  }

  /// Complex bins over the disk take twice the scratch space of magnitudes, and no more memory.
  @Test(arguments: [1 << 28, 1_000_000_007]) func scratchGrowsWithWhatIsKept(length: Int) throws {
    let transform = try #require(TransformLength(samples: length, rule: .exact))
    for precision in [Precision.single, .double] {
      func plan(_ everyBin: Range<Int>?, _ values: BinValues) throws -> StreamedPlan {
        try #require(
          StreamedPlan(
            PlanShape(
              method: .exact,
              length: transform, bandCount: 100, everyBin: everyBin, values: values),
            precision: precision, bytesPerSample: 4, byteCount: 64 << 20,
            dirtyByteCount: 16 << 20))
      }
      let sizes = try [
        plan(nil, .magnitude), plan(0..<length / 2, .magnitude), plan(0..<length / 2, .complex),
      ].map { $0.scratch.reduce(0, +) }
      let (magnitudes, numbers) = (sizes[1] - sizes[0], sizes[2] - sizes[0])
      // Tiles and pages are whole.
      let bytes = length / 2 * precision.byteCount
      #expect(magnitudes >= bytes && magnitudes <= bytes + (17 << 20))
      #expect(numbers >= 2 * bytes && numbers <= 2 * bytes + (17 << 20))
    }
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
