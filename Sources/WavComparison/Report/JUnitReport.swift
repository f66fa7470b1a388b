// SPDX-License-Identifier: GPL-2.0-or-later

import WavExport

/// One comparison as a test of a test suite.
public struct ComparisonCase: Sendable {
  /// How a comparison ended.
  public enum Outcome: Sendable {
    /// All conditions hold.
    case same
    /// They do not; one line, and all that is known.
    case different(line: String, report: String)
    /// The two could not be compared, for a reason.
    case failed(String)
  }

  /// The name of the test: the path of the reference.
  public let name: String
  /// How it ended.
  public let outcome: Outcome
  /// How long it took, in seconds.
  public let seconds: Double

  /// Describes a test.
  public init(name: String, outcome: Outcome, seconds: Double) {
    self.name = name
    self.outcome = outcome
    self.seconds = seconds
  }
}

/// Comparisons as a JUnit XML report, which CI servers show.
public func junitReport(_ cases: [ComparisonCase]) -> String {
  var (failures, errors) = (0, 0)
  var lines: [String] = []
  for test in cases {
    let start =
      "    <testcase classname=\"wavfft compare\" name=\"\(xmlEscaped(test.name))\" "
      + "time=\"\(fixed(test.seconds, 3))\""
    switch test.outcome {
    case .same: lines.append(start + "/>")
    case .different(let line, let report):
      failures += 1
      lines.append(
        start
          + ">\n      <failure message=\"\(xmlEscaped(line))\">\(escapedLines(report))</failure>\n"
          + "    </testcase>")
    case .failed(let reason):
      errors += 1
      lines.append(
        start + ">\n      <error message=\"\(xmlEscaped(reason))\"/>\n    </testcase>")
    }
  }
  let seconds = fixed(cases.reduce(0) { $0 + $1.seconds }, 3)
  let counts =
    "tests=\"\(cases.count)\" failures=\"\(failures)\" errors=\"\(errors)\" time=\"\(seconds)\""
  return """
    <?xml version="1.0" encoding="UTF-8"?>
    <testsuites \(counts)>
      <testsuite name="wavfft compare" \(counts)>
    \(lines.joined(separator: "\n"))
      </testsuite>
    </testsuites>

    """
}

/// Several lines made safe for XML, each by itself: `escaped` takes their ends for something forbidden.
private func escapedLines(_ text: String) -> String {
  text.split(separator: "\n", omittingEmptySubsequences: false).map { xmlEscaped(String($0)) }
    .joined(separator: "\n")
}
