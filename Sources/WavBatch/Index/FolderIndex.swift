// SPDX-License-Identifier: GPL-2.0-or-later

import WavAnalysis
import WavExport
import WavSystem

/// The index page of a batch: all its recordings, with links to their pages.
///
/// It ends with the digest of everything before, so that the file alone shows whether the program
/// wrote it and nobody has changed it.
struct FolderIndex {
  private let contents: IndexContents

  /// An index of records in their order.
  ///
  /// - Parameters:
  ///   - records: The records.
  ///   - options: The options of the batch.
  ///   - shard: The shard of the records.
  ///   - untried: Number of files that have neither been done nor have failed.
  ///   - place: The way from the folder of the index to the folder of a record's outputs, which ends with
  ///     a slash or is empty.
  init(
    _ records: [FileRecord], _ options: OptionsInWords, shard: Shard? = nil, untried: Int = 0,
    place: (FileRecord) -> String = { _ in "" }
  ) {
    let folder = Self.commonFolder(records.map(\.path))
    var contents = IndexContents(
      title: ["", "./"].contains(folder) ? "Recordings" : "Recordings in \(folder)",
      subtitle: Self.counts(records), options: options.text, program: "wavfft \(programVersion)",
      entries: records.map { record in
        let page = record.page.map { percentEncoded(place(record) + $0) }
        return IndexEntry(record, below: folder, page: page)
      })
    contents.bands = OptionsInWords.bands(in: options.text)
    contents.theme = OptionsInWords.theme(in: options.text)
    if let shard {
      contents.remarks.append(
        "These are the recordings of shard \(shard.number) of \(shard.count).")
    }
    if untried > 0 {
      contents.remarks.append(
        "The batch was stopped before its end; \(grouped(untried)) "
          + "\(untried == 1 ? "recording was" : "recordings were") not tried.")
    }
    self.contents = contents
  }

  /// The folders that all paths have in common, with a slash at the end; empty if there are none.
  static func commonFolder(_ paths: [String]) -> String {
    let folders = paths.map {
      $0.utf8.split(separator: UInt8(ascii: "/"), omittingEmptySubsequences: false).dropLast()
    }
    guard var common = folders.first else { return "" }
    for folder in folders {
      common = common.prefix(zip(common, folder).prefix { $0.elementsEqual($1) }.count)
    }
    return common.map { String(Substring($0)) + "/" }.joined()
  }

  /// How many recordings there are, in words.
  private static func counts(_ records: [FileRecord]) -> String {
    let recordings = Set(records.map { PathKey($0.path) }).count
    let failed = records.count { $0.status == .error }
    return "\(grouped(recordings)) \(recordings == 1 ? "recording" : "recordings")"
      + (failed > 0 ? ", \(grouped(failed)) failed" : "")
      + (records.count > recordings ? ", \(grouped(records.count)) results of channels" : "")
  }

  /// The page in a file that does not have its name yet.
  ///
  /// - Throws: `SystemError` when the file cannot be written, and what encoding the page throws.
  func file(at path: String) throws -> OutputFile {
    let file = try OutputFile(path: path)
    try contents.document().write { bytes in try file.write(bytes) }
    try file.write(Self.seal(try Fingerprint(file).digest))
    return file
  }

  /// Whether the program wrote these bytes as an index, and all of them.
  static func isWhole(_ bytes: [UInt8]) -> Bool {
    let length = seal("").utf8.count + 16
    guard bytes.count > length else { return false }
    let digest = bytes.withUnsafeBytes {
      ContentDigest.of(UnsafeRawBufferPointer(rebasing: $0.dropLast(length)))
    }
    return bytes.suffix(length).elementsEqual(seal(digest).utf8)
  }

  private static func seal(_ digest: String) -> String { "<!-- wavfft index \(digest) -->\n" }
}

extension FileRecord {
  /// Path of its page below the output folder; nil if it has none.
  fileprivate var page: String? {
    let format = Exporter.html.fileExtension
    guard let output, outputBytes?[format] != nil else { return nil }
    return "\(output).\(format)"
  }
}

extension IndexEntry {
  /// The entry of a record, called by its path below a folder.
  fileprivate init(_ record: FileRecord, below folder: String, page: String?) {
    self.init(
      name: String(Substring(record.path.utf8.dropFirst(folder.utf8.count))),
      status: record.status.rawValue)
    self.page = page
    error = record.error
    channel = record.channel
    duration = record.durationS
    sampleRate = record.sampleRateHz
    rms = record.rmsDbfs
    hasNoBins = record.hasNoBins == true
    centroid = record.centroidHz
    peak = record.peaks?.first.map { ($0.frequencyHz, $0.levelDbfs, $0.note) }
    bands = record.bandLevels ?? [:]
    thumbnail = record.thumbnail
  }
}

/// A path as a relative reference (RFC 3986): every byte but letters, digits, `-._~` and slashes is
/// percent-encoded, so that no name is taken for a scheme, a query or markup.
func percentEncoded(_ path: String) -> String {
  var text = ""
  for scalar in path.unicodeScalars {
    for byte in spelledByte(scalar).map({ [$0] }) ?? Array(String(scalar).utf8) {
      switch byte {
      case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
        UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "-"), UInt8(ascii: "."),
        UInt8(ascii: "_"), UInt8(ascii: "~"), UInt8(ascii: "/"):
        text.unicodeScalars.append(Unicode.Scalar(byte))
      default:
        let digits = String(byte, radix: 16, uppercase: true)
        text += digits.count == 1 ? "%0\(digits)" : "%\(digits)"
      }
    }
  }
  return text
}
