// SPDX-License-Identifier: GPL-2.0-or-later

import Foundation
import TestSupport
import Testing
import WavSpectrum

@testable import WavAnalysis

/// The figure of a real result shows the result.
@Suite struct FigureOfAnalysisTests {
  private let samples = zip(0..<8000, noise(8000)).map { n, noise in
    0.1 * sin(2 * .pi * 1000 * Double(n) / 8000) + 1e-4 * noise
  }

  private func drawing(
    _ folder: URL, method: MethodDescription = .exact
  ) throws -> (Drawing, Analysis) {
    let found = try analysis(of: samples, in: folder, method: method, outputs: [.svg])
    let svg = try String(contentsOf: folder.appending(path: "x.svg"), encoding: .utf8)
    return (try Drawing(svg), found)
  }

  @Test func aSineStandsAtItsFrequencyAndLevel() throws {
    try withFolder { folder in
      let (drawing, _) = try drawing(folder)
      let (x, y) = (drawing.frequencyScale(), drawing.levelScale())
      // The last line is that of the legend.
      let points = drawing.lines("curve").dropLast().flatMap { $0 }
      // The highest point is the one with the least y.
      let top = try #require(points.min { $0.y < $1.y })
      #expect(abs(top.x - x.place(log2(1000))) < 0.3)
      #expect(abs(top.y - y.place(-20)) < 0.3)
      // The noise is at least 60 dB lower.
      #expect(points.filter { $0.y < y.place(-70) }.count < 5)
    }
  }

  @Test func theFigureOfPartsIsHatchedAboveTheirLimit() throws {
    try withFolder { folder in
      let (drawing, found) = try drawing(folder, method: .decimated(parts: 8))
      let limit = drawing.frequencyScale().place(log2(500))
      #expect(found.loss?.limit == 500)
      #expect(abs((drawing.lines("hatch").map { $0[0].x }.min() ?? 0) - limit) < 0.3)
      #expect(drawing.lines("curve").dropLast().allSatisfy { $0.allSatisfy { $0.x < limit + 0.3 } })
      #expect(drawing.texts.contains { $0.text == "nothing above 500 Hz" })
    }
  }

  @Test func wordsSayWhatIsShown() throws {
    try withFolder { folder in
      let (drawing, _) = try drawing(folder)
      #expect(drawing.texts.contains { $0.text == "Spectrum of input.wav" })
      #expect(
        drawing.texts.contains {
          $0.text.hasPrefix("1 channel, exact: one transform of all samples, 1.0 s at 8000 Hz, ")
            && $0.text.contains("1 Hz apart") && $0.text.contains("rectangular")
        })
    }
  }
}
