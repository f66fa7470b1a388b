// SPDX-License-Identifier: GPL-2.0-or-later

/// The schemas of the JSON documents that the program writes; docs/schemas defines each.
///
/// A document names its own in the member `schema`. The number behind the slash changes when a reader of the old
/// version would misunderstand the new one; docs/formats.md says what does not change it.
package enum DocumentSchema {
  /// The report of an analysis, with or without rows, and references.
  package static let spectrum = "wavfft-spectrum/1"
  /// How a table was made.
  package static let table = "wavfft-table/1"
  /// A comparison, or why there is none.
  package static let comparison = "wavfft-comparison/1"
  /// Several spectra in common bands.
  package static let overlay = "wavfft-overlay/1"
  /// The result of a batch.
  package static let batch = "wavfft-batch/1"
  /// A line of the summary of a batch.
  package static let record = "wavfft-record/1"
  /// The formats that are read and written.
  package static let formats = "wavfft-formats/1"
  /// What a machine offers.
  package static let doctor = "wavfft-doctor/1"

  /// Whether two schemas differ in their versions alone.
  package static func isVersion(_ schema: String, of known: String) -> Bool {
    schema != known && schema.prefix { $0 != "/" } == known.prefix { $0 != "/" }
  }
}
