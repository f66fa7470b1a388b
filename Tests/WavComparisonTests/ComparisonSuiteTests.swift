// SPDX-License-Identifier: GPL-2.0-or-later

import Foundation
import Testing

@testable import WavComparison

/// Reports on several comparisons together.
struct ComparisonSuiteTests {
  private let same = ComparisonCase(name: "a", outcome: .same, seconds: 0.5, report: "same: a\n")
  private let different = ComparisonCase(
    name: "b", outcome: .different(line: "different: b < c", report: "1 & 2\n3"), seconds: 1,
    report: "different: b\n")
  private let missing = ComparisonCase(name: "ref/m", outcome: .missing)
  private let extra = ComparisonCase(name: "new/x", outcome: .extra)
  private let failed = ComparisonCase(name: "f", outcome: .failed("f is \"damaged\""))

  @Test func theWorstOutcomeDecides() {
    func verdict(_ cases: ComparisonCase...) -> ComparisonSuite.Verdict {
      ComparisonSuite(cases).verdict
    }
    #expect(verdict() == .same)
    #expect(verdict(same, same) == .same)
    for other in [different, missing, extra] { #expect(verdict(same, other, same) == .different) }
    #expect(verdict(same, failed, different) == .incomparable)
  }

  @Test func theTextHasAllCases() {
    let text = ComparisonSuite([same, failed, different, missing, extra]).text
    #expect(
      text == """
        same: a
        different: b
        missing: nothing to hold against ref/m
        extra: new/x has no reference
        5 compared: 1 the same, 3 different, missing or extra, 1 not comparable

        """)
  }

  @Test func theArrayIsJSON() throws {
    let compared = ComparisonCase(name: "a", outcome: .same, report: "{\"verdict\":\"same\"}\n")
    let text = try ComparisonSuite([compared, failed, missing, extra]).json()
    let objects = try JSONDecoder().decode([[String: String]].self, from: Data(text.utf8))
    #expect(objects.map { $0["verdict"] } == ["same", "not comparable", "missing", "extra"])
    #expect(objects.dropFirst().map { $0["reference"] } == ["f", "ref/m", "new/x"])
    #expect(objects[1]["reason"] == "f is \"damaged\"")
    #expect(try ComparisonSuite([]).json() == "[\n\n]\n")
  }

  @Test func theJUnitReportHasAllCases() throws {
    let text = junitReport(ComparisonSuite([same, different, missing, failed]))
    #expect(text.contains("tests=\"4\" failures=\"2\" errors=\"1\" time=\"1.500\""))
    #expect(text.contains("<testcase classname=\"wavfft compare\" name=\"a\" time=\"0.500\"/>"))
    #expect(
      text.contains("<failure message=\"different: b &lt; c\">1 &amp; 2\n3</failure>"))
    #expect(text.contains("<failure message=\"missing: nothing to hold against ref/m\"></failure>"))
    #expect(text.contains("<error message=\"f is &quot;damaged&quot;\"/>"))
    let opened = text.matches(of: /<testcase [^>]*[^\/]>/).count
    #expect(opened == 3)
    #expect(text.matches(of: /<\/testcase>/).count == opened)
  }
}
