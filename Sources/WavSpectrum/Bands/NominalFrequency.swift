// SPDX-License-Identifier: GPL-2.0-or-later

import Glibc

/// The nominal midband frequency in Hz of a third-octave band, counted from 1 kHz.
///
/// IEC 61260-1:2014, Annex E, takes them from the series R10 of preferred numbers (ISO 3). Every
/// third is that of an octave band.
func preferredFrequency(_ number: Int) -> Double {
  let series = [100, 125, 160, 200, 250, 315, 400, 500, 630, 800]
  let decade = (Double(number) / 10).rounded(.down)
  return shifted(series[number - 10 * Int(decade)], by: Int(decade) + 1)
}

/// An exact midband frequency in Hz as its nominal one, for bands of a quarter to a 24th of an
/// octave.
///
/// IEC 61260-1:2014, Annex E.3: three significant digits if the first digit is 1 to 4, two if it is
/// 5 to 9.
func roundedFrequency(_ frequency: Double) -> Double {
  let exponent = Int(log10(frequency).rounded(.down))
  let mantissa = frequency / pow(10, Double(exponent))
  let digits = mantissa < 5 ? 2 : 1
  return shifted(Int((mantissa * pow(10, Double(digits))).rounded()), by: exponent - digits)
}

/// What figures and tables call a nominal frequency in Hz: `31.5`, `1.25 k`.
func nominalName(_ frequency: Double) -> String {
  func number(_ value: Double) -> String {
    let text = value.description
    return text.hasSuffix(".0") ? String(text.dropLast(2)) : text
  }
  return frequency < 1000 ? number(frequency) : number(frequency / 1000) + " k"
}

/// A whole number times a power of ten, correctly rounded for the frequencies of sound.
private func shifted(_ number: Int, by exponent: Int) -> Double {
  exponent < 0
    ? Double(number) / pow(10, Double(-exponent)) : Double(number) * pow(10, Double(exponent))
}
