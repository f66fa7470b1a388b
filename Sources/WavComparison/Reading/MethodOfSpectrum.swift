// SPDX-License-Identifier: GPL-2.0-or-later

import WavSpectrum

extension MethodDescription {
  /// The method in a report, with all parameters that it names; nil if this version does not know it.
  ///
  /// Documents of earlier versions name the method and its parts alone.
  init?(name: String, parts: Int, parameters: [String: String]? = nil) {
    self = .exact
    var texts = parameters ?? [:]
    let name = "\(name):\(parts)"
    guard texts["method"] ?? name == name else { return nil }
    guard let method = Self.parameters.first(where: { $0.name == "method" }),
      method.set(name, &self)
    else { return nil }
    // What is not named has the default value of this method.
    self = withDefaults
    texts["method"] = nil
    for parameter in Self.parameters {
      guard let text = texts.removeValue(forKey: parameter.name) else { continue }
      guard parameter.set(text, &self) else { return nil }
    }
    guard texts.isEmpty else { return nil }
  }

  /// The same method, but exact if it is decimated into a single part.
  var withoutSinglePart: MethodDescription {
    name == .decimated && parts == 1 ? with(.exact) : self
  }
}

extension MethodDescription {
  /// The method and its parts alone.
  var withDefaults: MethodDescription { MethodDescription(name, parts: parts) }
}

extension SpectrumFacts {
  /// Records the method and its window.
  ///
  /// The transform length is recorded separately, and precisions differ only by rounding.
  mutating func note(_ method: MethodDescription) {
    var kept = MethodDescription.exact.with(method.withoutSinglePart)
    kept.segmentation = method.segmentation
    // So is the length of segments, which is that of their transform.
    kept.segmentation.segment = .automatic
    self.method = kept
    window = method.window.rawValue
  }
}
