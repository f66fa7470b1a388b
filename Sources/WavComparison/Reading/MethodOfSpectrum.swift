// SPDX-License-Identifier: GPL-2.0-or-later

import WavSpectrum

extension MethodDescription {
  /// The method in a report; nil if this version does not know it.
  init?(name: String, parts: Int) {
    self = .exact
    let method = Self.parameters.first { $0.name == "method" }
    guard method?.set("\(name):\(parts)", &self) ?? false else { return nil }
  }

  /// The same method, but exact if it is decimated into a single part.
  var withoutSinglePart: MethodDescription {
    name == .decimated && parts == 1 ? with(.exact) : self
  }
}

extension SpectrumFacts {
  /// Records the method and its window.
  ///
  /// The transform length is recorded separately, and precisions differ only by rounding.
  mutating func note(_ method: MethodDescription) {
    self.method = MethodDescription.exact.with(method.withoutSinglePart)
    window = method.window.rawValue
  }
}
