// SPDX-License-Identifier: GPL-2.0-or-later

import WavSamples
import WavSpectrum
import WavStages

/// An algorithm that computes what a ``TransformRequest`` describes, as stages of blocks.
///
/// Engines and their FFTW plans are made before workers are forked. When the stages are done, the
/// results are in the regions of the plan.
public protocol SpectralEngine: AnyObject {
  /// How the transform is computed, for the report: "four-step 4096 x 65536".
  var summary: String { get }
  /// The work, in order. Blocks throw ``UnusableSamples``, and the errors of reserving memory.
  var stages: [Stage] { get }
  /// The reduced spectrum.
  var totals: BandTotals { get }
  /// Copies the magnitudes of bins within ``TransformRequest/everyBin`` to the beginning of `output`, which has
  /// room for them.
  ///
  /// - Throws: What reading them throws, if they are on the disk.
  func copyMagnitudes(_ bins: Range<Int>, to output: inout MutableSpan<Double>) throws
}

/// An engine that divides the signal into segments; it keeps every bin.
public protocol SegmentedEngine: SpectralEngine {
  /// Power |X|^2 of each cell of a spectrogram, once the stages are done: [column][row]; nil for averages alone.
  var cellPowers: [Double]? { get }
}

extension SegmentedEngine {
  /// Averages alone.
  public var cellPowers: [Double]? { nil }
}

/// An engine that transforms the signal as a whole, so that the transform is known between the bins, too.
public protocol TransformEngine: SpectralEngine {
  /// Replaces the signal by another one of the same length; plans, tables and memory are reused.
  ///
  /// The results are cleared. Must not be called while workers are running.
  func load(_ reader: SampleReader)
  /// Copies X[k] of bins within ``TransformRequest/everyBin``, real and imaginary part, to the beginning of
  /// `output`, which has room for them.
  ///
  /// - Precondition: ``TransformRequest/values`` are complex.
  /// - Throws: What reading them throws, if they are on the disk.
  func copyNumbers(_ bins: Range<Int>, to output: inout MutableSpan<SIMD2<Double>>) throws
  /// Magnitude of any single bin, computed on demand: for the few bins around a peak.
  ///
  /// - Complexity: O(P J) at most for P parts with rows of length J, or O(N1) where columns come last.
  func magnitude(of bin: Int) -> Double
  /// Magnitudes of neighbouring bins, if the engine has stored them in order; otherwise nil.
  func orderedMagnitudes(_ bins: Range<Int>) -> [Double]?
  /// Whether the transform around a bin is at hand; otherwise it must be surveyed (``SurveyedEngine``).
  func knows(around bin: Int) -> Bool
  /// The transform around a bin, also at frequencies between the bins.
  ///
  /// - Complexity: O(P N / r) for r bins on either side, and r times the cost of a single bin.
  func localSpectrum(around bin: Int) -> LocalSpectrum
}

extension TransformEngine {
  /// The same as ``copyNumbers(_:to:)``, with the imaginary parts of DC and Nyquist, which are 0 but for
  /// rounding, exactly 0.
  ///
  /// - Throws: What reading the bins throws.
  public func copyComplexBins(
    _ bins: Range<Int>, of grid: BinGrid, to output: inout MutableSpan<SIMD2<Double>>
  ) throws {
    try copyNumbers(bins, to: &output)
    for bin in [0, grid.transformLength / 2] where bins.contains(bin) && grid.isUnpaired(bin) {
      output[bin - bins.lowerBound].y = 0
    }
  }

  /// Everything is in memory.
  public func knows(around bin: Int) -> Bool { true }
}

/// An engine that must read the signal once more for the transform around a bin.
public protocol SurveyedEngine: TransformEngine {
  /// The memory that the transforms around some bins take.
  func surveyNeed(binCount: Int) -> RegionNeed
  /// The work after which the transforms around some bins are known; the region must outlive the engine.
  func survey(_ bins: [Int], in region: Region) -> Stage
}
