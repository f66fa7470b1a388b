// SPDX-License-Identifier: GPL-2.0-or-later

import Foundation
import Testing
import WavSpectrum

/// Every parameter that decides the bytes must be in `parameters`.
@Suite struct MethodDescriptionTests {
  /// A different value for each property; the name of the method and the parts are one parameter.
  private let changes: [String: MethodDescription] = [
    "name": .decimated(parts: 1),
    "parts": .decimated(parts: 2),
    "window": changed { $0.window = .hann },
    "length": changed { $0.length = .fixed(1000) },
    "precision": changed { $0.precision = .double },
  ]

  private static func changed(_ change: (inout MethodDescription) -> Void) -> MethodDescription {
    var method = MethodDescription.exact
    change(&method)
    return method
  }

  private func texts(_ method: MethodDescription) -> [String?] {
    MethodDescription.parameters.map { $0.text(method) }
  }

  @Test func noPropertyIsForgotten() {
    for (label, _) in Mirror(reflecting: MethodDescription.exact).children {
      #expect(changes[label ?? ""] != nil, "what tells a change of \(label ?? "")?")
    }
    var seen = [texts(.exact)]
    for (name, method) in changes {
      #expect(!seen.contains(texts(method)), "a change of \(name) goes unnoticed")
      seen.append(texts(method))
    }
  }

  @Test func textsAreReadBack() {
    for method in [.exact] + changes.values {
      var result = MethodDescription.decimated(parts: 4096)
      result.window = .flattop
      for parameter in MethodDescription.parameters {
        guard let text = parameter.text(method) else { continue }
        #expect(parameter.set(text, &result), "\(parameter.name) \(text)")
      }
      #expect(result == method)
    }
  }

  @Test func nonsenseIsNotRead() {
    var method = MethodDescription.exact
    let nonsense = [
      "method": ["exact", "exact:2", "decimated:0", "decimated:4097", "welch:1", "exact:1:1", ""],
      "window": ["Hann", ""], "length": ["0", "-1", "slow", "2000000000000"],
      "precision": ["auto", "half"],
    ]
    for parameter in MethodDescription.parameters {
      for text in nonsense[parameter.name] ?? [] {
        #expect(!parameter.set(text, &method), "\(parameter.name) \(text)")
      }
    }
    #expect(method == .exact)
  }

  @Test func aDescriptionIsWrittenAndReadAsJSON() throws {
    var method = MethodDescription.decimated(parts: 8)
    method.window = .blackmanHarris
    method.length = .fixed(4096)
    let data = try JSONEncoder().encode(method)
    #expect(try JSONDecoder().decode(MethodDescription.self, from: data) == method)
  }
}
