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
  ]
  /// Parameters that are not checked by name, and why.
  private let exceptions = [
    "length": "the transform length and the number of samples that it led to are compared",
    "precision": "spectra of both precisions are the same but for their rounding",
  ]

  private static func changed(_ change: (inout MethodDescription) -> Void) -> MethodDescription {
    var method = MethodDescription.exact
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
      let method = try #require(
        changes.values.first { parameter.text($0) != parameter.text(.exact) }, "\(parameter.name)")
      let given = source(method, [parameter.name])
      let like = given.request(like: try spectrum(.exact))
      let clause = try #require(given.chosen.contradiction(to: like), "\(parameter.name)")
      let names = SettingNames { "--\($0.rawValue)" }
      #expect(clause.text(names).hasPrefix("--\(parameter.name) is "))
      var request = like
      given.chosen.apply(to: &request)
      #expect(parameter.text(request.method) == parameter.text(method))
      // Options that were not given do not count.
      #expect(source(method, []).chosen.contradiction(to: like) == nil)
    }
  }

  /// Decimation into one part is the exact method.
  @Test func aSinglePartIsExact() {
    #expect(facts(.decimated(parts: 1)).difference(from: facts(.exact)) == nil)
    let one = source(.decimated(parts: 1), ["method"]).chosen
    #expect(one.contradiction(to: AnalysisRequest(path: "", method: .exact, workers: 1)) == nil)
  }

  @Test func unknownMethodsAreNotRead() {
    #expect(MethodDescription(name: "exact", parts: 1) == .exact)
    #expect(MethodDescription(name: "decimated", parts: 8) == .decimated(parts: 8))
    for (name, parts) in [("welch", 1), ("exact", 2), ("decimated", 0), ("", 1)] {
      #expect(MethodDescription(name: name, parts: parts) == nil)
    }
  }
}
