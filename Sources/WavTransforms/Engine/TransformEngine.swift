// SPDX-License-Identifier: GPL-2.0-or-later

import WavSamples
import WavStages

/// An algorithm that computes what a ``TransformRequest`` asks for, as stages of blocks.
///
/// Engines are made, and their plans with them, before workers are forked. Results are in the regions of the
/// plan once the stages are done.
public protocol TransformEngine: AnyObject {
  /// How the transform is computed, for the report: "four-step 4096 x 65536".
  var summary: String { get }
  /// The work, in order; blocks throw ``UnusableSamples``, or what reserving memory throws.
  var stages: [Stage] { get }
  /// The reduced spectrum.
  var totals: BandTotals { get }
  /// Replaces the signal by another of the same length; plans, tables and memory are used again.
  ///
  /// What was computed is forgotten. Not while workers are at work.
  func load(_ reader: SampleReader)
  /// Copies the magnitudes of bins within ``TransformRequest/everyBin``.
  func copyMagnitudes(_ bins: Range<Int>, to output: UnsafeMutablePointer<Double>)
  /// Magnitude of any single bin, computed afresh: for the few bins around a peak.
  func magnitude(of bin: Int) -> Double
  /// Magnitudes of neighbouring bins, if the engine has them side by side; nil if each must be computed
  /// afresh.
  func orderedMagnitudes(_ bins: Range<Int>) -> [Double]?
  /// The transform around a bin, between the bins, too.
  func localSpectrum(around bin: Int) -> LocalSpectrum
}
