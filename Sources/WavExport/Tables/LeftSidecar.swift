// SPDX-License-Identifier: GPL-2.0-or-later

import WavSystem

/// The document beside a table that is written again without one.
///
/// It would tell other programs what is no longer true, also if the bytes of the table are the same: the recording and
/// the reference of its levels may be others.
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
  /// - Returns: Why it is still there, as a sentence; nil if it is gone.
  public func remove() -> Sentence? {
    let path = TableSidecar.path(of: table)
    // Another output may have this name.
    guard TableSidecar(path: path) == sidecar else { return nil }
    let reason: Sentence
    if isLink(path) {
      reason = "it is a link"
    } else if isReplaceable {
      guard let errno = removeFile(path) else { return nil }
      reason = "it could not be removed (\(errno))"
    } else if sidecar.isUnchanged {
      reason = "it was written for \(sidecar.table.file)"
    } else {
      reason = "it is not as wavfft wrote it"
    }
    return
      "\(path) does not belong to the new \(table), and stays because \(reason); remove it if it is of no use"
  }
}
