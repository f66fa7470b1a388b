// SPDX-License-Identifier: GPL-2.0-or-later

import Testing
import WavAnalysis
import WavSpectrum
import WavSystem

@testable import WavComparison

/// Spectra of different methods are not compared, and no parameter of a method is forgotten.
struct MethodGateTests {
  /// A different value for each property of a method.
  private let changes: [String: MethodDescription] = [
    "name": .decimated(parts: 2),
    "parts": .decimated(parts: 3),
    "window": changed { $0.window = .hann },
    "length": changed { $0.length = .fixed(1000) },
    "precision": changed { $0.precision = .double },
    "segmentation": changed(.welch) { $0.segmentation.average = .median },
  ]
  /// A different value for each property of segments.
  private let segmentChanges: [String: MethodDescription] = [
    "segment": changed(.welch) { $0.segmentation.segment = .samples(1000) },
    "overlap": changed(.welch) { $0.segmentation.overlap = 0.75 },
    "average": changed(.welch) { $0.segmentation.average = .median },
    "detrend": changed(.welch) { $0.segmentation.detrend = .none },
  ]
  /// Parameters that are not checked by name, and why.
  private let exceptions = [
    "segment": "the length of segments is that of their transform",
    "length": "the transform length and the number of samples that it led to are compared",
    "precision": "spectra of both precisions are the same but for their rounding",
  ]

  private static func changed(
    _ method: MethodDescription = .exact, _ change: (inout MethodDescription) -> Void
  ) -> MethodDescription {
    var method = method
    change(&method)
    return method
  }

  private func facts(_ method: MethodDescription) -> SpectrumFacts {
    var facts = SpectrumFacts()
    facts.note(method)
    return facts
  }

  private func spectrum(_ method: MethodDescription) throws -> ComparedSpectrum {
    try ComparedSpectrum(
      path: "a.json", kind: .points, facts: facts(method),
      rows: StoredRows(frequency: [1], magnitude: [1], level: [0]))
  }

  private func source(_ method: MethodDescription, _ parameters: Set<String>) -> SpectrumSource {
    var chosen = ChosenOptions()
    chosen.method = method
    chosen.parameters = parameters
    return SpectrumSource(
      AnalysisRequest(path: "", method: .exact, workers: 1), chosen: chosen, array: nil)
  }

  @Test func noPropertyIsForgotten() throws {
    for (label, _) in Mirror(reflecting: MethodDescription.exact).children {
      let name = label ?? ""
      let method = try #require(changes[name], "what tells a change of \(name)?")
      if exceptions[name] != nil { continue }
      let clause = try #require(facts(method).difference(from: facts(.exact)), "\(name)")
      #expect(clause.contains(", that of the reference "))
      #expect(facts(method).difference(from: facts(method)) == nil)
      // Audio is analysed like the reference.
      let request = source(.exact, []).request(like: try spectrum(method))
      #expect(request.method == method, "\(name)")
    }
  }

  @Test func noOptionContradictsTheReferenceInSilence() throws {
    for parameter in MethodDescription.parameters where exceptions[parameter.name] == nil {
      let isOfSegments = segmentChanges[parameter.name] != nil
      let base = isOfSegments ? MethodDescription.welch : .exact
      let method =
        try segmentChanges[parameter.name]
        ?? #require(
          changes.values.first { parameter.text($0) != parameter.text(.exact) },
          "\(parameter.name)")
      let given = source(method, [parameter.name])
      let like = given.request(like: try spectrum(base))
      let clause = try #require(
        given.chosen.contradiction(to: like, facts(base)), "\(parameter.name)")
      let names = SettingNames { "--\($0.rawValue)" }
      #expect(clause.text(names).hasPrefix("--\(parameter.name) is "))
      var request = like
      given.chosen.apply(to: &request)
      #expect(parameter.text(request.method) == parameter.text(method))
      // Options that were not given do not count.
      #expect(source(method, []).chosen.contradiction(to: like, facts(base)) == nil)
    }
  }

  /// Averages over other segments are not compared.
  @Test func segmentsOfAnotherKindAreAnotherMethod() throws {
    for (name, method) in segmentChanges where exceptions[name] == nil {
      let clause = try #require(facts(method).difference(from: facts(.welch)), "\(name)")
      #expect(clause.contains(", that of the reference "))
      let request = source(.exact, []).request(like: try spectrum(method))
      #expect(request.method == method, "\(name)")
    }
  }

  /// A length that leads to the transform of the reference is no contradiction; another one is.
  @Test func lengthsAreComparedByWhatFollowsFromThem() throws {
    var facts = facts(.exact)
    facts.sampleRate = 8000
    facts.samples = 1001
    facts.transformLength = 1001
    var request = AnalysisRequest(path: "", method: .exact, workers: 1)
    request.method.length = .exact
    func clause(_ rule: LengthRule) -> String? {
      var method = MethodDescription.exact
      method.length = rule
      return source(method, ["length"]).chosen.contradiction(to: request, facts)?
        .text(SettingNames())
    }
    #expect(clause(.exact) == nil)
    #expect(clause(.automatic) == nil)
    #expect(clause(.fixed(1001)) == nil)
    #expect(clause(.fixed(2048)) == "length is 2048, that of the reference exact")
    #expect(clause(.fast) == "length is fast, that of the reference exact")
  }

  /// Decimation into one part is the exact method.
  @Test func aSinglePartIsExact() {
    #expect(facts(.decimated(parts: 1)).difference(from: facts(.exact)) == nil)
    let one = source(.decimated(parts: 1), ["method"]).chosen
    let request = AnalysisRequest(path: "", method: .exact, workers: 1)
    #expect(one.contradiction(to: request, facts(.exact)) == nil)
  }

  @Test func unknownMethodsAreNotRead() {
    #expect(MethodDescription(name: "exact", parts: 1) == .exact)
    #expect(MethodDescription(name: "decimated", parts: 8) == .decimated(parts: 8))
    #expect(MethodDescription(name: "welch", parts: 1) == .welch)
    let median = ["method": "welch:1", "average": "median", "overlap": "0.75"]
    let method = MethodDescription(name: "welch", parts: 1, parameters: median)
    #expect(method?.segmentation.average == .median && method?.segmentation.overlap == 0.75)
    for parameters in [["method": "exact:1"], ["average": "best"], ["taper": "3"]] {
      #expect(MethodDescription(name: "welch", parts: 1, parameters: parameters) == nil)
    }
    for (name, parts) in [
      ("periodogram", 1), ("welch", 2), ("exact", 2), ("decimated", 0), ("", 1),
    ] {
      #expect(MethodDescription(name: name, parts: parts) == nil)
    }
  }
}
