// SPDX-License-Identifier: GPL-2.0-or-later

/// Where a table says how it was made.
public enum TableHeader: String, CaseIterable, Sendable {
  /// Nowhere: a table has the names of its columns alone.
  case plain
  /// In lines that begin with `#`, before the names of the columns: only in text.
  case comments
  /// In a JSON document beside the table (``TableSidecar``).
  case sidecar
}

extension Exporter {
  /// Whether its files are tables that do not say how they were made; JSON, pages and figures do.
  public var isBareTable: Bool { self == .csv || self == .npy }

  /// Whether its files may have lines of comments.
  public var takesComments: Bool { self == .csv }
}
