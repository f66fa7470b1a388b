// SPDX-License-Identifier: GPL-2.0-or-later

import WavExport
import WavSystem

/// Refuses to replace a file that neither is a spectrum nor looks like a damaged one.
func requireReplaceable(_ path: String) throws(ComparisonError) {
  guard exists(path) else { return }
  do {
    _ = try ComparedSpectrum.fromFile(path, nil)
  } catch {
    guard error.kind == .unusable, hasOwnForm(path) else { throw error }
  }
}

/// Whether a file has the form of a spectrum that wavfft writes, whole or damaged, or is empty.
///
/// A table of the same numbers that another program wrote has other columns, and a file of another version of wavfft is
/// not damaged.
func hasOwnForm(_ path: String) -> Bool {
  if isOfOtherVersion(path) { return false }
  if let status = try? status(of: path), status.type == .regular, status.size == 0 { return true }
  if (try? TableSidecar(besideUnchanged: path)) != nil { return true }
  guard let file = try? MappedFile(path) else { return false }
  let beginning = withExtendedLifetime(file) {
    String(decoding: $0.bytes.prefix(1 << 20), as: UTF8.self)
  }
  switch fileExtension(of: path) {
  case "json":
    // Members are sorted: a document that was cut off has no program any more.
    return [["\"program\"", "wavfft"], ["\"band\" : {", "\"frequency_hz\" : ["]].contains { words in
      words.allSatisfy(beginning.contains)
    }
  case "npy":
    let columns = /\('frequency_hz', '<f8'\), \('magnitude', '<f[48]'\), \('level_dbfs', '<f[48]'\)/
    return beginning.prefix { $0 != "\n" }.contains(columns)
  default:
    // Conflict markers may stand above.
    return beginning.split(whereSeparator: \.isNewline).contains {
      $0.hasPrefix("frequency_hz,magnitude,level_dbfs") || $0 == "frequency_hz,real,imag"
        || $0 == "# program: wavfft"
    }
  }
}
