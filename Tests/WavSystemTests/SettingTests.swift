// SPDX-License-Identifier: GPL-2.0-or-later

import Testing

@testable import WavSystem

/// Sentences that mention settings without their names.
struct SettingTests {
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
    struct Damage: ExplainedError {
      var kind: ErrorKind { .unusable }
      var sentence: Sentence { "make it again with \(.update)" }
    }
    #expect(Sentence(Damage()).text(names) == "make it again with <update>")
    #expect("\(Damage())" == "make it again with update")
    struct Surprise: Error {}
    #expect(Sentence(Surprise()).text(names) == "Surprise()")
  }

  @Test func settingsHaveNamesOfTheirOwn() {
    let settings = Setting.allCases
    #expect(Set(settings.map(\.rawValue)).count == settings.count)
  }

  /// What crosses to another process is the same there, whatever is in it; of what is cut the rest is.
  @Test func sentencesCrossAsBytes() {
    for setting in Setting.allCases {
      let sentence: Sentence = "\(setting) of é\u{0}\u{10FFFF} or \(.band)\(.force)"
      let crossed = Sentence(bytes: sentence.bytes)
      #expect(crossed.text(names) == sentence.text(names))
      for count in 0..<sentence.bytes.count {
        let cut = Sentence(bytes: sentence.bytes.prefix(count)).text(names)
        #expect(sentence.text(names).hasPrefix(cut.prefix { $0 != "\u{fffd}" }))
      }
    }
    #expect(Sentence(bytes: []).text(names) == "")
    #expect(Sentence(bytes: [65, 0xff, 250, 66]).text(names) == "A")
  }
}
