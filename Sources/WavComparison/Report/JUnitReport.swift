// SPDX-License-Identifier: GPL-2.0-or-later

import WavExport

/// Comparisons as a JUnit XML report, which CI servers show.
public func junitReport(_ suite: ComparisonSuite) -> String {
  let cases = suite.cases
  let counted = suite.counts
  var lines: [String] = []
  for test in cases {
    let start =
      "    <testcase classname=\"wavfft compare\" name=\"\(xmlEscaped(test.name))\" "
      + "time=\"\(fixed(test.seconds, 3))\""
    switch test.outcome {
    case .same: lines.append(start + "/>")
    case .different, .missing, .extra:
      var all = ""
      if case .different(_, let report) = test.outcome { all = escapedLines(report) }
      lines.append(
        start + ">\n      <failure message=\"\(xmlEscaped(test.difference ?? ""))\">"
          + "\(all)</failure>\n    </testcase>")
    case .failed(let reason):
      lines.append(
        start + ">\n      <error message=\"\(xmlEscaped(reason))\"/>\n    </testcase>")
    }
  }
  let seconds = fixed(cases.reduce(0) { $0 + $1.seconds }, 3)
  let counts =
    "tests=\"\(cases.count)\" failures=\"\(counted.different)\" errors=\"\(counted.failed)\" time=\"\(seconds)\""
  return """
    <?xml version="1.0" encoding="UTF-8"?>
    <testsuites \(counts)>
      <testsuite name="wavfft compare" \(counts)>
    \(lines.joined(separator: "\n"))
      </testsuite>
    </testsuites>

    """
}

/// Several lines escaped for XML, one by one, because line ends within a text would be replaced.
private func escapedLines(_ text: String) -> String {
  text.split(separator: "\n", omittingEmptySubsequences: false).map { xmlEscaped(String($0)) }
    .joined(separator: "\n")
}
