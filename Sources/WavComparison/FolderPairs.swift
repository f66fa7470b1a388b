// SPDX-License-Identifier: GPL-2.0-or-later

import Glibc
import WavAudio
import WavFiles

/// A file and its reference.
public struct FilePair: Sendable, Equatable {
  /// Path of the spectrum or audio file.
  public let spectrum: String
  /// Path of the reference.
  public let reference: String

  /// Describes a pair.
  public init(_ spectrum: String, _ reference: String) {
    self.spectrum = spectrum
    self.reference = reference
  }
}

/// The files of two folders, paired by their paths below them.
///
/// A reference belongs to the file of the same name, or, if there is none, to the one that differs in
/// the extension alone. Files that are neither tables nor audio by their extensions, summaries of batches,
/// and hidden files are left out.
public struct FolderPairs: Sendable {
  /// The pairs, sorted by reference.
  public var pairs: [FilePair] = []
  /// References without a file.
  public var missing: [String] = []
  /// References with more than one file, as sentences.
  public var ambiguous: [String] = []
  /// Files without a reference.
  public var extra: [String] = []

  /// Given pairs.
  public init(pairs: [FilePair]) { self.pairs = pairs }

  /// Pairs the files of two folders.
  ///
  /// - Throws: ``ComparisonError`` when one of them is no folder.
  public init(_ folder: String, _ references: String) throws(ComparisonError) {
    let own = try Self.files(in: folder)
    var used: Set<PathKey> = []
    let byStem = Dictionary(grouping: own) { PathKey(withoutExtension($0)) }
    for name in try Self.files(in: references) {
      let candidates = byStem[PathKey(withoutExtension(name))] ?? []
      // One recording may have outputs in several formats: the same format counts.
      let match =
        candidates.first { PathKey($0) == PathKey(name) }
        ?? (candidates.count == 1 ? candidates[0] : nil)
      used.formUnion(candidates.map(PathKey.init))
      if let match {
        pairs.append(FilePair("\(folder)/\(match)", "\(references)/\(name)"))
      } else if candidates.isEmpty {
        missing.append("\(references)/\(name)")
      } else {
        ambiguous.append(
          "\(references)/\(name) could belong to \(candidates.joined(separator: " or ")) in \(folder); "
            + "keep one of them")
      }
    }
    extra = own.filter { !used.contains(PathKey($0)) }.map { "\(folder)/\($0)" }
  }

  /// Paths of the files below a folder, sorted.
  private static func files(in folder: String) throws(ComparisonError) -> [String] {
    let extensions = SoundFile.extensions.union(["csv", "tsv", "json", "npy"])
    var found: [String] = []
    var folders = [""]
    // Links may lead in circles.
    var visited: Set<FolderIdentity> = []
    while let below = folders.popLast() {
      let path = below.isEmpty ? folder : "\(folder)/\(below)"
      guard let entries = entries(of: path) else {
        throw ComparisonError(
          .noInput, "\(path) cannot be searched: \(String(cString: strerror(errno)))")
      }
      for entry in entries where !entry.isHidden {
        let relative = below.isEmpty ? entry.name : "\(below)/\(entry.name)"
        var status = stat()
        // What cannot be looked at, a name that is not UTF-8 for one, fails when it is opened.
        if stat("\(folder)/\(relative)", &status) == 0, let inner = FolderIdentity(status) {
          if visited.insert(inner).inserted { folders.append(relative) }
        } else if !entry.name.hasPrefix("summary."),
          extensions.contains(fileExtension(of: entry.name))
        {
          found.append(relative)
        }
      }
    }
    return found.sorted(by: precedes)
  }
}
