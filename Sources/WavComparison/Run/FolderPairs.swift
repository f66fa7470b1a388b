// SPDX-License-Identifier: GPL-2.0-or-later

import Glibc
import SystemPackage
import WavAudio
import WavExport
import WavSystem

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

/// The files of two folders, paired by their relative paths.
///
/// A reference belongs to the file of the same name; if there is none, to the only file that
/// differs from it in the extension alone. Files whose extension is neither that of a table nor of
/// audio, summaries of batches, documents beside tables, and hidden files are left out.
public struct FolderPairs: Sendable {
  /// The pairs, sorted by reference.
  public var pairs: [FilePair] = []
  /// References without a file.
  public var missing: [String] = []
  /// References with several possible files, as sentences.
  public var ambiguous: [String] = []
  /// Files without a reference.
  public var extra: [String] = []
  /// All files of both folders that were considered, paired or not.
  public private(set) var files: [String] = []

  /// Pairs the files of two folders.
  ///
  /// - Throws: ``ComparisonError`` when one of them is not a folder, or there are no references.
  public init(_ folder: String, _ references: String) throws(ComparisonError) {
    let own = try Self.files(in: folder)
    var used: Set<PathKey> = []
    let byStem = Dictionary(grouping: own) { PathKey(withoutExtension($0)) }
    let wanted = try Self.files(in: references)
    files = own.map { "\(folder)/\($0)" } + wanted.map { "\(references)/\($0)" }
    for name in wanted {
      let candidates = byStem[PathKey(withoutExtension(name))] ?? []
      // A recording may have outputs in several formats: prefer the format of the reference.
      let match =
        candidates.first { PathKey($0) == PathKey(name) }
        ?? (candidates.count == 1 ? candidates[0] : nil)
      // All candidates count as used if they are ambiguous; further files of a pair's stem are
      // extra.
      used.formUnion((match.map { [$0] } ?? candidates).map(PathKey.init))
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
    guard !pairs.isEmpty || !missing.isEmpty || !ambiguous.isEmpty else {
      throw ComparisonError(.noInput, "\(references) has no spectra to compare with")
    }
  }

  /// A paired reference that is another of the files, too, by a link; nil if there is none.
  ///
  /// - Complexity: O(n) for n files.
  public var sharedReference: FilePair? {
    func identity(_ path: String) -> [UInt64]? {
      (try? status(of: path)).map { [UInt64($0.deviceID.rawValue), UInt64($0.inode.rawValue)] }
    }
    var places: [[UInt64]: [String]] = [:]
    for file in files { if let found = identity(file) { places[found, default: []].append(file) } }
    for pair in pairs {
      let same = identity(pair.reference).flatMap { places[$0] } ?? []
      // Both folders may be the same.
      if same.count > 1 {
        return FilePair(same.first { $0 != pair.reference } ?? pair.reference, pair.reference)
      }
    }
    return nil
  }

  /// Paths of the files below a folder, sorted.
  private static func files(in folder: String) throws(ComparisonError) -> [String] {
    let tables = SpectrumReader.extensions.filter { $0 != SpectrumReader.plainText }
    let extensions = SoundFile.extensions.union(tables)
    var found: [String] = []
    var folders = [""]
    // Links may form loops.
    var visited: Set<FolderIdentity> = []
    while let below = folders.popLast() {
      let path = below.isEmpty ? folder : "\(folder)/\(below)"
      let entries: [FolderEntry]
      do throws(Errno) {
        entries = try WavSystem.entries(of: FilePath(spelled: path))
      } catch {
        throw ComparisonError(.noInput, "\(path) cannot be searched: \(error)")
      }
      for entry in entries where !entry.isHidden {
        let relative = below.isEmpty ? entry.name : "\(below)/\(entry.name)"
        if let inner = FolderIdentity("\(folder)/\(relative)") {
          if visited.insert(inner).inserted { folders.append(relative) }
        } else if extensions.contains(fileExtension(of: entry.name)),
          !isSummary("\(folder)/\(relative)"), !isSidecar("\(folder)/\(relative)")
        {
          found.append(relative)
        }
      }
    }
    return found.sorted(by: precedes)
  }

  /// Whether a file says how the table beside it was made.
  private static func isSidecar(_ path: String) -> Bool {
    guard path.hasSuffix(TableSidecar.suffix) else { return false }
    let table = String(path.dropLast(TableSidecar.suffix.count))
    return Exporter(extension: fileExtension(of: table))?.isBareTable == true
      && TableSidecar(path: path) != nil
  }

  /// Whether a file is the summary of a batch or of a shard, `summary.csv` or `summary.2-of-4.csv`,
  /// and by its first line not a spectrum.
  private static func isSummary(_ path: String) -> Bool {
    let parts = lastComponent(of: path).split(separator: ".", omittingEmptySubsequences: false)
    guard parts.count == 2 || parts.count == 3, parts[0] == "summary",
      parts[parts.count - 1] == "csv"
    else { return false }
    if parts.count == 3 {
      let shard = parts[1].split(separator: "-", omittingEmptySubsequences: false)
      guard shard.count == 3, Int(shard[0]) != nil, shard[1] == "of", Int(shard[2]) != nil else {
        return false
      }
    }
    guard let file = try? MappedFile(path) else { return false }
    return withExtendedLifetime(file) { !$0.bytes.starts(with: Array("frequency_hz,".utf8)) }
  }
}
