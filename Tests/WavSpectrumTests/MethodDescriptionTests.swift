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
    "segmentation": changed(.welch) { $0.segmentation.segment = .seconds(0.5) },
  ]

  /// A different value for each property of segments.
  private let segmentChanges: [String: MethodDescription] = [
    "segment": changed(.welch) { $0.segmentation.segment = .samples(1000) },
    "overlap": changed(.welch) { $0.segmentation.overlap = 0.75 },
    "average": changed(.welch) { $0.segmentation.average = .median },
    "detrend": changed(.welch) { $0.segmentation.detrend = .none },
  ]

  private static func changed(
    _ method: MethodDescription = .exact, _ change: (inout MethodDescription) -> Void
  ) -> MethodDescription {
    var method = method
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

  @Test func noPropertyOfSegmentsIsForgotten() {
    for (label, _) in Mirror(reflecting: Segmentation()).children {
      #expect(segmentChanges[label ?? ""] != nil, "what tells a change of \(label ?? "")?")
    }
    var seen = [texts(.welch), texts(.spectrogram)]
    for (name, method) in segmentChanges {
      #expect(!seen.contains(texts(method)), "a change of \(name) goes unnoticed")
      seen.append(texts(method))
    }
  }

  /// Methods without segments are the same, whatever the segments.
  @Test func segmentsConcernMethodsWithSegments() {
    var method = MethodDescription.exact
    method.segmentation.overlap = 0.75
    #expect(texts(method) == texts(.exact))
    var welch = MethodDescription.welch
    welch.length = .fixed(1000)
    #expect(texts(welch) == texts(.welch))
  }

  @Test func textsAreReadBack() {
    for method in [.exact, .welch] + changes.values + segmentChanges.values {
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
      "method": [
        "exact", "exact:2", "decimated:0", "decimated:4097", "welch:2", "average:1", "exact:1:1",
        "",
      ],
      "window": ["Hann", ""], "length": ["0", "-1", "slow", "2000000000000"],
      "precision": ["auto", "half"],
      "segment": ["0", "1", "-5", "2000000000", "1 kHz", "0Hz", "0s", "-1s", "x", ""],
      "overlap": ["1", "-0.1", "50%", ""], "average": ["max", ""], "detrend": ["linear", ""],
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
