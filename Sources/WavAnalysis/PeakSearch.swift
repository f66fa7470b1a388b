// SPDX-License-Identifier: GPL-2.0-or-later

import WavSpectrum
import WavTransforms

/// Finds the strongest peaks of a spectrum and where between the bins they are.
struct PeakSearch {
  private let engine: any TransformEngine
  private let kernel: WindowKernel
  /// Distance of 1 and the next number, of the arithmetic that made the spectrum.
  private let epsilon: Double

  init(_ engine: any TransformEngine, _ kernel: WindowKernel, _ precision: Precision) {
    self.engine = engine
    self.kernel = kernel
    epsilon = precision == .single ? Double(Float.ulpOfOne) : .ulpOfOne
  }

  /// The `count` strongest peaks, strongest first, without rounding errors of what is in the band.
  func strongest(_ count: Int, of spectrum: Spectrum) -> [Peak] {
    let rows = spectrum.strongestRows(count)
    let floor = roundingErrors(rows.map(\.magnitude).max() ?? 0, spectrum.grid)
    return rows.filter { $0.magnitude > floor }.map { interpolated($0, in: spectrum) }
      .sorted { ($0.level, $1.frequency) > ($1.level, $0.frequency) }
  }

  /// A magnitude that rounding errors stay below.
  ///
  /// They are spread evenly over the bins, with an RMS of the order of eps times that of the whole
  /// spectrum, to which the band's strongest bin and DC alone contribute M sqrt(2 / N). Of stronger
  /// sines outside of the band nothing is known here.
  private func roundingErrors(_ greatest: Double, _ grid: BinGrid) -> Double {
    let strongest = max(greatest, engine.magnitude(of: 0))
    return 16 * epsilon * strongest * (2 / Double(grid.transformLength)).squareRoot()
  }

  /// The sine that makes the strongest bin of a band, from the bin and its neighbours.
  private func interpolated(_ row: BandRow, in spectrum: Spectrum) -> Peak {
    let grid = spectrum.grid
    guard row.bin > 0, row.bin + 1 < grid.count, !grid.isUnpaired(row.bin) else {
      return Peak(row)
    }
    let (offset, magnitude) = kernel.interpolate(
      below: engine.magnitude(of: row.bin - 1), strongest: row.magnitude,
      above: engine.magnitude(of: row.bin + 1))
    return Peak(
      frequency: row.frequency + offset * grid.spacing,
      level: spectrum.level(magnitude: magnitude, bin: row.bin), binFrequency: row.frequency,
      binLevel: row.level)
  }
}
