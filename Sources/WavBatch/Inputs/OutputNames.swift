// SPDX-License-Identifier: GPL-2.0-or-later

import WavAnalysis
import WavExport
import WavSystem

/// The paths of the outputs: the folder structure of the inputs, mirrored.
///
/// An output has the name of its input, with another extension. Inputs that would share an output,
/// such as `a.wav` and `a.flac`, keep their whole names: `a.wav.csv` and `a.flac.csv`. If that is
/// not enough, marks are added until the names differ. So do inputs whose outputs would have the name
/// of a summary or an index.
public struct OutputNames: Sendable {
  /// For each input the path of its outputs below the output folder, without extension.
  public let stems: [String]

  /// Names the outputs of all inputs of a batch, independent of shards.
  ///
  /// - Parameters:
  ///   - inputs: The inputs.
  ///   - hasIndex: Whether the batch writes an index page.
  public init(_ inputs: [BatchInput], hasIndex: Bool = false) {
    let names = inputs.map(\.name)
    let folders = Set(names.flatMap(Self.foldersAbove))
    var stems = names.map(withoutExtension)
    var marks = 0
    while true {
      let taken = Self.conflicts(stems, folders, hasIndex)
      if taken.isEmpty { break }
      for index in taken { stems[index] = names[index] + String(repeating: "~", count: marks) }
      marks += 1
    }
    self.stems = stems
  }

  /// Indices of stems whose outputs conflict with other outputs.
  private static func conflicts(
    _ stems: [String], _ folders: Set<PathKey>, _ hasIndex: Bool
  ) -> [Int] {
    var owners: [PathKey: Int] = [:]
    for stem in stems { owners[PathKey(stem), default: 0] += 1 }
    return stems.indices.filter { index in
      let stem = stems[index]
      // `a.npy.json` is also the document beside `a.npy`.
      let table = Exporter(extension: fileExtension(of: stem))?.isBareTable == true
      if table, owners[PathKey(withoutExtension(stem))] != nil { return true }
      if owners[PathKey(stem), default: 0] > 1 || isReserved(stem, hasIndex) { return true }
      if Exporter.all.contains(where: {
        folders.contains(PathKey("\(stem).\($0.fileExtension)"))
          || $0.isBareTable
            && folders.contains(PathKey(TableSidecar.path(of: "\(stem).\($0.fileExtension)")))
      }) {
        return true
      }
      // `a.1` is the first channel of `a`.
      let plain = withoutExtension(stem)
      let suffix = stem.utf8.dropFirst(plain.utf8.count + 1)
      return plain != stem && suffix.allSatisfy { $0 &- UInt8(ascii: "0") <= 9 }
        && owners[PathKey(plain)] != nil
    }
  }

  /// Whether outputs would conflict with the summary or the index of the batch.
  private static func isReserved(_ stem: String, _ hasIndex: Bool) -> Bool {
    let names =
      hasIndex ? [SummaryFolder.summaryName, SummaryFolder.indexName] : [SummaryFolder.summaryName]
    return names.contains { stem == $0 || SummaryFolder.shard(of: stem, $0) != nil }
  }

  private static func foldersAbove(_ name: String) -> [PathKey] {
    let parts = components(of: name)
    return (1..<max(parts.count, 1)).map { PathKey(parts[..<$0].joined(separator: "/")) }
  }
}
