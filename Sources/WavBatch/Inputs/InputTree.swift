// SPDX-License-Identifier: GPL-2.0-or-later

import Glibc
import SystemPackage
import WavAudio
import WavSystem

/// Finds the input files of a batch in the files and folders that the user named.
///
/// Hidden files and folders are skipped. A folder is searched once, under its own name rather than
/// that of a link, so that links cannot form loops. A file that cannot be read becomes an input
/// with a problem, and is reported like any other failure.
public struct InputTree {
  private let filter: FileFilter
  /// The output folder, which has no inputs.
  private let outputFolder: FolderIdentity?
  private var found: [Found] = []
  private var visited: Set<FolderIdentity> = []
  /// Folders behind symbolic links; they are searched after all others.
  private var links: [(path: String, below: String)] = []

  private struct Found {
    let path: String
    let byteCount: Int
    let problem: Sentence?
  }

  /// Collects the inputs, sorted by path, each file once.
  ///
  /// - Parameters:
  ///   - paths: Files and folders.
  ///   - filter: Decides which files of a folder are inputs.
  ///   - outputFolder: The output folder, which is not searched.
  /// - Returns: At least one input.
  /// - Throws: `AudioError` when there are no inputs.
  public static func inputs(
    _ paths: [String], _ filter: FileFilter, outputFolder: String
  ) throws(BatchError) -> [BatchInput] {
    var tree = InputTree(filter, outputFolder: outputFolder)
    var roots: [[String]] = []
    var hasAny = false
    for path in paths {
      let status = try? status(of: path)
      hasAny = hasAny || status != nil
      let place = absoluteComponents(path)
      if let folder = status.flatMap({ FolderIdentity($0) }) {
        roots.append(place)
        tree.enter(withoutEndingSlash(path), below: "", folder)
        tree.enterLinks()
      } else {
        roots.append(Array(place.dropLast()))
        guard !filter.leavesOut(path) else { continue }
        tree.found.append(
          Found(path: path, byteCount: Int(status?.size ?? 0), problem: nil))
      }
    }
    guard hasAny else {
      throw BatchError(.noInput, "\(paths[0]) cannot be read: \(String(cString: strerror(ENOENT)))")
    }
    guard !tree.found.isEmpty else {
      throw BatchError(
        .noInput,
        "there are no audio files in \(paths.joined(separator: ", ")), where the folder of outputs does "
          + "not count; name files, or choose other ones with \(.inclusion)")
    }
    return tree.inputs(below: commonPrefix(roots))
  }

  private init(_ filter: FileFilter, outputFolder: String) {
    self.filter = filter
    self.outputFolder = FolderIdentity(outputFolder)
  }

  private mutating func enterLinks() {
    while !links.isEmpty {
      let link = links.removeFirst()
      if let folder = FolderIdentity(link.path) { enter(link.path, below: link.below, folder) }
    }
  }

  /// Searches a folder; `below` is its path below the folder that the user named.
  private mutating func enter(_ folder: String, below: String, _ identity: FolderIdentity) {
    guard identity != outputFolder, visited.insert(identity).inserted else { return }
    let entries: [FolderEntry]
    do throws(Errno) {
      entries = try WavSystem.entries(of: FilePath(spelled: folder))
    } catch {
      found.append(
        Found(
          path: folder, byteCount: 0,
          problem: "\(folder) cannot be searched: \(error); leave it out with \(.exclusion)"))
      return
    }
    for entry in entries where !entry.isHidden {
      let path = folder == "/" ? "/\(entry.name)" : "\(folder)/\(entry.name)"
      let relative = below.isEmpty ? entry.name : "\(below)/\(entry.name)"
      guard !filter.leavesOut(relative) else { continue }
      guard let own = try? status(of: path, ofLink: true) else { continue }
      let isLink = own.type == .symbolicLink
      // Nil for a link without a target.
      let target = isLink ? try? status(of: path) : own
      if let inner = target.flatMap({ FolderIdentity($0) }) {
        if isLink { links.append((path, relative)) } else { enter(path, below: relative, inner) }
      } else if filter.takes(relative) {
        found.append(
          Found(path: path, byteCount: Int(target?.size ?? 0), problem: nil))
      }
    }
  }

  /// The files found, sorted, with their paths below a common folder.
  private func inputs(below common: [String]) -> [BatchInput] {
    var places: Set<PathKey> = []
    return found.sorted { precedes($0.path, $1.path) }.compactMap { file in
      let place = Self.absoluteComponents(file.path).dropFirst(common.count).joined(separator: "/")
      guard places.insert(PathKey(place)).inserted else { return nil }
      return BatchInput(
        path: file.path, name: place, byteCount: file.byteCount, problem: file.problem)
    }
  }

  private static func withoutEndingSlash(_ path: String) -> String {
    var path = path
    while path.utf8.count > 1, path.utf8.last == UInt8(ascii: "/") {
      path = String(Substring(path.utf8.dropLast()))
    }
    return path
  }

  /// The components of an absolute path; `.` and `..` are resolved by name.
  private static func absoluteComponents(_ path: String) -> [String] {
    var absolute = path
    if path.utf8.first != UInt8(ascii: "/"), let folder = getcwd(nil, 0) {
      absolute = spelled(UnsafeRawBufferPointer(start: folder, count: strlen(folder))) + "/" + path
      free(folder)
    }
    var parts: [String] = []
    for part in components(of: absolute) where part != "." {
      if part == ".." { _ = parts.popLast() } else { parts.append(part) }
    }
    return parts
  }

  /// The folders that all paths have in common.
  private static func commonPrefix(_ paths: [[String]]) -> [String] {
    paths.dropFirst().reduce(paths.first ?? []) { common, path in
      Array(zip(common, path).prefix { PathKey($0) == PathKey($1) }.map(\.0))
    }
  }
}
