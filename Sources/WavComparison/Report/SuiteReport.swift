// SPDX-License-Identifier: GPL-2.0-or-later

import WavExport

extension ComparisonSuite {
  /// What was kept of all comparisons.
  public var reports: String { cases.compactMap(\.report).joined() }

  /// What was kept of all comparisons as text, files without a counterpart, and how many there are of each
  /// outcome.
  public var text: String {
    let others = cases.filter { $0.report == nil }.compactMap(\.difference)
    let counts = counts
    return reports + others.map { printable($0) + "\n" }.joined()
      + "\(cases.count) compared: \(counts.same) the same, \(counts.different) different, missing or "
      + "extra, \(counts.failed) not comparable\n"
  }

  /// What was kept of all comparisons as JSON, and what there is to say of files that were not compared, as an
  /// array.
  public func json() throws -> String {
    let others = try cases.compactMap { test -> String? in
      switch test.outcome {
      case .failed(let reason): try notComparedJSON(test.name, "not comparable", reason)
      case .missing: try notComparedJSON(test.name, "missing", test.difference ?? "")
      case .extra: try notComparedJSON(test.name, "extra", test.difference ?? "")
      case .same, .different: nil
      }
    }
    let objects = cases.compactMap(\.report) + others
    return "[\n" + objects.map { $0.dropLast() }.joined(separator: ",\n") + "\n]\n"
  }
}
