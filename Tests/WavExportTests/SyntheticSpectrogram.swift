// SPDX-License-Identifier: GPL-2.0-or-later

import Foundation
import WavSpectrum

/// A spectrogram of a signal that is known: a rising tone, a wavering note with overtones, clicks and
/// noise, computed by a plain transform.
struct SyntheticSpectrogram {
  let sampleRate = 32000.0
  /// Length in seconds.
  var duration = 12.0
  /// Length of a segment, a power of two.
  var segment = 2048

  /// The sample at a time in seconds.
  func sample(_ time: Double, noise: inout SystemRandomNumberGenerator) -> Double {
    let share = time / duration
    // From 100 Hz to 10 kHz in equal ratios.
    let rising = 0.2 * sin(2 * .pi * 100 * duration / log(100) * (pow(100, share) - 1))
    var note = 0.0
    if (0.25..<0.6).contains(share) {
      let phase = 2 * .pi * 440 * time + 4 * sin(2 * .pi * 5 * time)
      for overtone in 1...8 { note += 0.1 / Double(overtone) * sin(Double(overtone) * phase) }
    }
    let click = abs(time - (time - 0.5).rounded() - 0.5) < 0.0001 ? 0.5 : 0
    let white = Double.random(in: -1...1, using: &noise) * 0.0005
    return share > 0.9 ? white / 30 : rising + note + click + white
  }

  /// The grid with this many columns and rows, each of which has the strongest bin in it.
  func grid(columnCount: Int, edges: [Double]) -> LevelGrid {
    var noise = SystemRandomNumberGenerator()
    let count = Int(duration * sampleRate)
    let samples = (0..<count).map { sample(Double($0) / sampleRate, noise: &noise) }
    let window = (0..<segment).map { 0.5 - 0.5 * cos(2 * .pi * Double($0) / Double(segment)) }
    let spacing = sampleRate / Double(segment)
    var levels: [Float] = []
    for column in 0..<columnCount {
      let middle = Int(Double(count) * (Double(column) + 0.5) / Double(columnCount))
      let start = min(max(middle - segment / 2, 0), count - segment)
      let spectrum = transform((0..<segment).map { Pair(window[$0] * samples[start + $0], 0) })
      for (low, high) in zip(edges, edges.dropFirst()) {
        var bins = Int((low / spacing).rounded(.up))..<Int((high / spacing).rounded(.up))
        if bins.isEmpty {
          let nearest = Int(((low + high) / 2 / spacing).rounded())
          bins = nearest..<(nearest + 1)
        }
        let power = bins.map { spectrum[min($0, segment / 2)].squaredLength }.max() ?? 0
        levels.append(Float(10 * log10(power) - 20 * log10(Double(segment) / 4)))
      }
    }
    return LevelGrid(
      times: 0...duration, columnCount: columnCount, frequencyEdges: edges, levels: levels,
      reduction: .maximum)
  }
}

/// A complex number.
private struct Pair {
  var real: Double
  var imaginary: Double

  init(_ real: Double, _ imaginary: Double) { (self.real, self.imaginary) = (real, imaginary) }

  var squaredLength: Double { real * real + imaginary * imaginary }
}

/// The discrete Fourier transform of 2^n numbers, by halves.
private func transform(_ values: [Pair]) -> [Pair] {
  let count = values.count
  guard count > 1 else { return values }
  let even = transform(stride(from: 0, to: count, by: 2).map { values[$0] })
  let odd = transform(stride(from: 1, to: count, by: 2).map { values[$0] })
  var result = values
  for index in 0..<(count / 2) {
    let angle = -2 * .pi * Double(index) / Double(count)
    let (c, s, b) = (cos(angle), sin(angle), odd[index])
    let turned = Pair(c * b.real - s * b.imaginary, c * b.imaginary + s * b.real)
    result[index] = Pair(even[index].real + turned.real, even[index].imaginary + turned.imaginary)
    result[index + count / 2] = Pair(
      even[index].real - turned.real, even[index].imaginary - turned.imaginary)
  }
  return result
}
