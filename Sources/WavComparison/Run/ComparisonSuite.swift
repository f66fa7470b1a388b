// SPDX-License-Identifier: GPL-2.0-or-later

/// One comparison as a test case.
public struct ComparisonCase: Sendable {
  /// The outcome of a comparison.
  public enum Outcome: Sendable, Equatable {
    /// All conditions hold.
    case same
    /// At least one condition fails; the verdict line, and the whole report.
    case different(line: String, report: String)
    /// There is a reference, but no file to compare with it.
    case missing
    /// There is a file, but no reference.
    case extra
    /// The two could not be compared; the reason.
    case failed(String)
  }

  /// The name of the test: the path of the reference.
  public let name: String
  /// The outcome.
  public let outcome: Outcome
  /// Wall time in seconds.
  public let seconds: Double
  /// The kept text of the comparison; nil if there is none.
  public let report: String?

  /// Describes a test case.
  public init(name: String, outcome: Outcome, seconds: Double = 0, report: String? = nil) {
    self.name = name
    self.outcome = outcome
    self.seconds = seconds
    self.report = report
  }

  /// Why the case differs, in one line; nil if it does not, or could not be compared.
  var difference: String? {
    switch outcome {
    case .same, .failed: nil
    case .different(let line, _): line
    case .missing: "missing: nothing to hold against \(name)"
    case .extra: "extra: \(name) has no reference"
    }
  }
}

/// The outcomes of all comparisons of a run.
public struct ComparisonSuite: Sendable {
  /// The verdict on a run.
  public enum Verdict: Sendable {
    /// All are the same.
    case same
    /// Some differ, are missing or extra, and all could be compared.
    case different
    /// Some could not be compared.
    case incomparable
  }

  /// The comparisons, in the order of their references, then files without a counterpart.
  public let cases: [ComparisonCase]

  /// Collects comparisons.
  public init(_ cases: [ComparisonCase]) { self.cases = cases }

  /// The verdict: the worst outcome of all comparisons.
  public var verdict: Verdict {
    counts.failed > 0 ? .incomparable : counts.different > 0 ? .different : .same
  }

  /// Number of comparisons by outcome; missing and extra files count as different.
  var counts: (same: Int, different: Int, failed: Int) {
    cases.reduce(into: (0, 0, 0)) { counts, test in
      switch test.outcome {
      case .same: counts.0 += 1
      case .different, .missing, .extra: counts.1 += 1
      case .failed: counts.2 += 1
      }
    }
  }
}
