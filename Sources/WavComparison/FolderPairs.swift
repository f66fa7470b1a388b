// SPDX-License-Identifier: GPL-2.0-or-later

import Glibc
import WavAudio

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
    var unused = Set(own)
    let byStem = Dictionary(grouping: own, by: Self.stem)
    for name in try Self.files(in: references) {
      let candidates = byStem[Self.stem(name)] ?? []
      // One recording may have outputs in several formats: the same format counts.
      let match = candidates.first { $0 == name } ?? (candidates.count == 1 ? candidates[0] : nil)
      for candidate in candidates { unused.remove(candidate) }
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
    extra = unused.sorted { $0.utf8.lexicographicallyPrecedes($1.utf8) }.map { "\(folder)/\($0)" }
  }

  private static func stem(_ name: String) -> String {
    guard let dot = name.lastIndex(of: "."), !name[dot...].contains("/") else { return name }
    return String(name[..<dot])
  }

  /// Paths of the files below a folder, sorted.
  private static func files(in folder: String) throws(ComparisonError) -> [String] {
    let extensions = SoundFile.extensions.union(["csv", "tsv", "json", "npy"])
    var found: [String] = []
    var folders = [""]
    // Links may lead in circles.
    var visited: Set<[UInt]> = []
    while let below = folders.popLast() {
      let path = below.isEmpty ? folder : "\(folder)/\(below)"
      guard let stream = opendir(path) else {
        throw ComparisonError(
          .noInput, "\(path) cannot be searched: \(String(cString: strerror(errno)))")
      }
      defer { closedir(stream) }
      while let entry = readdir(stream) {
        let name = withUnsafeBytes(of: entry.pointee.d_name) {
          String(decoding: $0.prefix { $0 != 0 }, as: UTF8.self)
        }
        guard !name.hasPrefix(".") else { continue }
        let relative = below.isEmpty ? name : "\(below)/\(name)"
        var status = stat()
        // What cannot be looked at, a name that is not UTF-8 for one, fails when it is opened.
        let exists = stat("\(folder)/\(relative)", &status) == 0
        if exists, status.st_mode & S_IFMT == S_IFDIR {
          if visited.insert([UInt(status.st_dev), UInt(status.st_ino)]).inserted {
            folders.append(relative)
          }
        } else if !name.hasPrefix("summary."),
          let last = name.split(separator: ".").last, extensions.contains(last.lowercased())
        {
          found.append(relative)
        }
      }
    }
    return found.sorted { $0.utf8.lexicographicallyPrecedes($1.utf8) }
  }
}
