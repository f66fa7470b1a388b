// SPDX-License-Identifier: GPL-2.0-or-later

import WavAudio
import WavSpectrum
import WavSystem
import WavTransforms

extension AnalysisRequest {
  /// Number of samples of one part, and the length of its transform.
  func transformLength(
    of selection: SampleSelection
  ) throws(AnalysisError) -> TransformLength {
    let parts = method.parts
    let samples = selection.count / parts
    guard samples > 0 else {
      throw .tooManyParts(parts, samples: selection.count, path: path)
    }
    guard let length = TransformLength(samples: samples, rule: method.length) else {
      throw .lengthTooShort(samples: samples)
    }
    return length
  }

  /// The shape of the transform of a selection.
  func transformShape(
    of selection: SampleSelection, in file: SoundFile
  ) throws(AnalysisError) -> TransformShape {
    let length = try transformLength(of: selection)
    return TransformShape(
      grid: BinGrid(
        sampleRate: file.sampleRate, transformLength: length.length, parts: method.parts),
      length: length, band: band, bandCount: fineBandCount, method: method,
      precision: precision(for: file), keepsEveryBin: keepsEveryBin || points == .all,
      values: values)
  }

  /// The arithmetic: as requested, otherwise single where it is precise enough, for 16 bits and for
  /// lossy formats.
  func precision(for file: SoundFile) -> Precision {
    if let precision = method.precision { return precision }
    if let bits = file.bitsPerSample { return bits <= 16 ? .single : .double }
    return file.isLossy || file.encoding.contains("16 bit") ? .single : .double
  }
}
