// SPDX-License-Identifier: GPL-2.0-or-later

import WavSystem

/// The document beside a table that is written again without one.
///
/// It would tell other programs what is no longer true.
public struct LeftSidecar {
  private let table: String
  private let sidecar: TableSidecar
  private let isReplaceable: Bool

  /// The document beside a table that does not have its name yet; nil if there is none.
  public init?(beside table: OutputFile) {
    guard table.isSeekable, let sidecar = TableSidecar(path: TableSidecar.path(of: table.path))
    else { return nil }
    (self.table, self.sidecar) = (table.path, sidecar)
    isReplaceable = sidecar.isReplaceable(beside: table.path)
  }

  /// Removes the document of the old table once the new one has its name.
  ///
  /// - Returns: Why it is still there, as a sentence; nil if it is gone, or describes the new table, too.
  public func remove() -> Sentence? {
    let path = TableSidecar.path(of: table)
    // Another output may have this name.
    guard TableSidecar(path: path) == sidecar, !sidecar.describes(table) else { return nil }
    if isReplaceable {
      removeFile(path)
      return nil
    }
    let reason: Sentence =
      sidecar.isUnchanged
      ? "it was written for \(sidecar.table.file)" : "it is not as wavfft wrote it"
    return
      "\(path) does not describe the new \(table), and stays because \(reason); remove it if it is of no use"
  }
}
