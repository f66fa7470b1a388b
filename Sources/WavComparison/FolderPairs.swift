// SPDX-License-Identifier: GPL-2.0-or-later

import Glibc

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
/// the extension alone. Figures, summaries and hidden files are no spectra.
public struct FolderPairs: Sendable {
  /// The pairs, sorted by reference.
  public var pairs: [FilePair] = []
  /// References without a file.
  public var missing: [String] = []
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
    var byStem: [String: [String]] = [:]
    for name in own { byStem[Self.stem(name), default: []].append(name) }
    for name in try Self.files(in: references) {
      let candidates = byStem[Self.stem(name)] ?? []
      if let match = candidates.first(where: { $0 == name }) ?? candidates.first {
        pairs.append(FilePair("\(folder)/\(match)", "\(references)/\(name)"))
        // Outputs of one recording in several formats: one of them is compared.
        for candidate in candidates { unused.remove(candidate) }
      } else {
        missing.append("\(references)/\(name)")
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
    var found: [String] = []
    var folders = [""]
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
        guard stat("\(folder)/\(relative)", &status) == 0 else { continue }
        if status.st_mode & S_IFMT == S_IFDIR {
          folders.append(relative)
        } else if !name.hasSuffix(".svg"), !name.hasPrefix("summary.") {
          found.append(relative)
        }
      }
    }
    return found.sorted { $0.utf8.lexicographicallyPrecedes($1.utf8) }
  }
}
