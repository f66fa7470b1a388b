// SPDX-License-Identifier: GPL-2.0-or-later

import WavSpectrum

extension MethodDescription {
  /// The method of a report; nil for one that this version does not know.
  init?(name: String, parts: Int) {
    self = .exact
    let method = Self.parameters.first { $0.name == "method" }
    guard method?.set("\(name):\(parts)", &self) ?? false else { return nil }
  }

  /// The same method, where a single part is what the exact method takes.
  var withoutSinglePart: MethodDescription {
    name == .decimated && parts == 1 ? with(.exact) : self
  }
}

extension SpectrumFacts {
  /// Takes over the method and its window.
  ///
  /// What the rule for the length has led to is known apart, and precisions differ by their rounding alone.
  mutating func note(_ method: MethodDescription) {
    self.method = MethodDescription.exact.with(method.withoutSinglePart)
    window = method.window.rawValue
  }
}
