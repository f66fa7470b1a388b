// SPDX-License-Identifier: GPL-2.0-or-later

import Foundation
import TestSupport
import WavAnalysis
import WavExport
import WavSpectrum
import WavSystem
import WavTransforms

/// Analyses samples of one channel in this process, without workers, with outputs in `folder`.
func analysis(
  of samples: [Double], rate: UInt32 = 8000, in folder: URL, method: MethodDescription = .exact,
  outputs: [Exporter] = [], _ change: (inout AnalysisRequest) -> Void = { _ in }
) throws -> Analysis {
  let file = folder.appending(path: "input.wav")
  try wav(pcmDouble(samples), format: 3, rate: rate, bits: 64).write(to: file)
  return try analysis(of: file, in: folder, method: method, outputs: outputs, change)
}

/// The same for a file.
func analysis(
  of file: URL, in folder: URL, method: MethodDescription, outputs: [Exporter],
  _ change: (inout AnalysisRequest) -> Void
) throws -> Analysis {
  var request = AnalysisRequest(path: file.path, method: method, workers: 0)
  change(&request)
  return try analyze(
    request,
    outputs: outputs.map {
      SpectrumOutput(
        format: $0,
        file: try OutputFile(path: folder.appending(path: "x.\($0.fileExtension)").path))
    })
}

/// Reproducible noise in [-0.5, 0.5): the minimal standard generator of Park and Miller (1988).
func noise(_ count: Int, seed: Int = 1) -> [Double] {
  var state = seed
  return (0..<count).map { _ in
    state = state * 48271 % 2_147_483_647
    return Double(state) / 2_147_483_647 - 0.5
  }
}

/// |X[k]| for 0 <= k <= N / 2 by the definition.
func definition(_ samples: [Double]) -> [Double] {
  let count = samples.count
  return (0...count / 2).map { bin in
    var (re, im) = (0.0, 0.0)
    for (n, sample) in samples.enumerated() {
      let angle = 2 * Double.pi * Double(n * bin % count) / Double(count)
      re += sample * cos(angle)
      im += sample * sin(angle)
    }
    return (re * re + im * im).squareRoot()
  }
}
