// SPDX-License-Identifier: GPL-2.0-or-later

import ArgumentParser
import WavExport

/// Options that decide tables.
struct TableOptions: ParsableArguments {
  @Option(
    help: ArgumentHelp(
      "Where CSV and NPY say how they were made: plain (nowhere), comments (\"# name: value\" before the names of the "
        + "columns, CSV only) or sidecar (spectrum.npy.json beside spectrum.npy).",
      valueName: "kind"))
  var header = TableHeader.plain

  /// Refuses a choice that none of these formats has.
  func require(_ formats: [Exporter]) throws {
    switch header {
    case .plain: return
    case .comments:
      if formats.contains(where: \.takesComments) { return }
      throw ValidationError("--header comments is for CSV; write .csv, or leave it out.")
    case .sidecar:
      if formats.contains(where: \.isBareTable) { return }
      throw ValidationError(
        "--header sidecar is for tables; write .csv or .npy, or leave it out.")
    }
  }
}

extension TableHeader: ExpressibleByArgument {}
