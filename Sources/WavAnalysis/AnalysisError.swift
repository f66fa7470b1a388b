// SPDX-License-Identifier: GPL-2.0-or-later

/// Why an analysis was given up.
public enum AnalysisError: Error, Sendable {
  /// It took longer than ``AnalysisRequest/timeLimit``.
  case tookTooLong(path: String, seconds: Double)
}
