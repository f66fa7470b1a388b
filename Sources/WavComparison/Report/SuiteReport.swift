// SPDX-License-Identifier: GPL-2.0-or-later

import WavExport

extension ComparisonSuite {
  /// The kept reports of all comparisons.
  public var reports: String { cases.compactMap(\.report).joined() }

  /// The kept reports as text, files without a counterpart, and the number of cases with each
  /// outcome.
  public var text: String {
    let others = cases.filter { $0.report == nil }.compactMap(\.difference)
    let counts = counts
    return reports + others.map { printable($0) + "\n" }.joined()
      + "\(cases.count) compared: \(counts.same) the same, \(counts.different) different, missing or "
      + "extra, \(counts.failed) not comparable\n"
  }

  /// The kept reports as a JSON array, with an object for each file that was not compared.
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
