// SPDX-License-Identifier: GPL-2.0-or-later

import Testing

@testable import WavComparison

/// Sentences that mention settings without their names.
struct SentenceTests {
  private let names = SettingNames { "<\($0)>" }

  @Test func settingsGetTheirNames() {
    let frames = 12
    let sentence: Sentence = "\(frames) frames more; use \(.lengthTolerance) or \(.resampling)"
    #expect(sentence.text(names) == "12 frames more; use <lengthTolerance> or <resampling>")
    #expect(
      sentence.text(SettingNames()) == "12 frames more; use the tolerance of lengths or resampling")
  }

  @Test func sentencesArePutTogether() {
    let clause: Sentence = "\(.method) is exact"
    let sentence: Sentence = "cannot compare: \(clause); leave it out, " + "or use \(.band)"
    #expect(
      sentence.text(names) == "cannot compare: <method> is exact; leave it out, or use <band>")
    #expect(("plain" as Sentence).text(names) == "plain")
  }

  @Test func errorsAreSaidWithTheNames() {
    let error = ComparisonError(.unusable, "make it again with \(.update)")
    #expect(error.sentence.text(names) == "make it again with <update>")
    #expect(error.description == "make it again with update")
  }

  @Test func settingsHaveNamesOfTheirOwn() {
    let settings = ComparisonSetting.allCases
    #expect(Set(settings.map(\.rawValue)).count == settings.count)
  }
}
