// SPDX-License-Identifier: GPL-2.0-or-later

/// One comparison as a test of a test suite.
public struct ComparisonCase: Sendable {
  /// How a comparison ended.
  public enum Outcome: Sendable, Equatable {
    /// All conditions hold.
    case same
    /// They do not; one line, and all that is known.
    case different(line: String, report: String)
    /// There is a reference and nothing to hold against it.
    case missing
    /// There is a file without a reference.
    case extra
    /// The two could not be compared, for a reason.
    case failed(String)
  }

  /// The name of the test: the path of the reference.
  public let name: String
  /// How it ended.
  public let outcome: Outcome
  /// How long it took, in seconds.
  public let seconds: Double
  /// What was kept of the comparison, as text; nil if there was none.
  public let report: String?

  /// Describes a test.
  public init(name: String, outcome: Outcome, seconds: Double = 0, report: String? = nil) {
    self.name = name
    self.outcome = outcome
    self.seconds = seconds
    self.report = report
  }

  /// Why the test is not passed, in a line; nil if it is, or there was no test.
  var difference: String? {
    switch outcome {
    case .same, .failed: nil
    case .different(let line, _): line
    case .missing: "missing: nothing to hold against \(name)"
    case .extra: "extra: \(name) has no reference"
    }
  }
}

/// What became of all comparisons of a run.
public struct ComparisonSuite: Sendable {
  /// How a run ended.
  public enum Verdict: Sendable {
    /// All are the same.
    case same
    /// Some differ, are missing or extra, and all could be compared.
    case different
    /// Some could not be compared.
    case incomparable
  }

  /// The comparisons, in the order of their references, and behind them files without a counterpart.
  public let cases: [ComparisonCase]

  /// Puts comparisons together.
  public init(_ cases: [ComparisonCase]) { self.cases = cases }

  /// How the run ended: the worst that any of its comparisons says.
  public var verdict: Verdict {
    counts.failed > 0 ? .incomparable : counts.different > 0 ? .different : .same
  }

  /// Number of comparisons by their outcomes; what is missing or extra is different.
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
