// SPDX-License-Identifier: GPL-2.0-or-later

import WavSpectrum

/// A number as people type it: `20`, `0.5`, `1e+12`.
package func numeral(_ number: Double) -> String {
  let text = "\(number)"
  return text.hasSuffix(".0") ? String(text.dropLast(2)) : text
}

extension FrequencyBand {
  /// The band as people type it: `20:1000`.
  package var typed: String {
    switch self {
    case .full: description
    case .between(let low, let high): "\(numeral(low)):\(numeral(high))"
    }
  }
}

extension SegmentRule {
  /// The rule as people type it: `0.5s`.
  package var typed: String {
    switch self {
    case .automatic, .samples: description
    case .seconds(let seconds): numeral(seconds) + "s"
    case .resolution(let hertz): numeral(hertz) + "Hz"
    }
  }
}
