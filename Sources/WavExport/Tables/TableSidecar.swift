// SPDX-License-Identifier: GPL-2.0-or-later

import FoundationEssentials
import WavSystem

/// The document beside a table that says how it was made: `spectrum.npy.json` beside `spectrum.npy`.
public struct TableSidecar: Codable, Sendable, Equatable {
  /// The coordinates of a dimension of an array.
  public struct Axis: Codable, Sendable, Equatable {
    /// What they are, with the unit: `time_s` or `frequency_hz`.
    package var name: String
    /// Their number.
    package var count: Int
    /// The first of them, if they are equally far apart.
    package var first: Double?
    /// Their distance, if they are equally far apart.
    package var step: Double?
    /// All of them, if they are not.
    package var values: [Double]?

    /// Coordinates that are equally far apart.
    package init(_ name: String, first: Double, step: Double, count: Int) {
      (self.name, self.count) = (name, count)
      (self.first, self.step) = (first, step)
    }

    /// Any coordinates.
    package init(_ name: String, _ values: [Double]) {
      (self.name, count) = (name, values.count)
      self.values = values
    }
  }

  /// The table.
  package struct Table: Codable, Sendable, Equatable {
    /// The name of its file, without folders.
    package var file: String
    /// The size of its file in bytes.
    package var bytes: Int
    /// The digest of its file: XXH64, 16 hexadecimal digits.
    package var digest: String
    /// What the elements of a plain array are: `level_dbfs` or `complex`; nil for named columns.
    package var values: String?
    /// The dimensions of a plain array, in their order; nil for named columns.
    package var axes: [Axis]?
  }

  /// How the table was made.
  public var facts: TableFacts
  package var table: Table
  /// Whether its file is as the program wrote it.
  public private(set) var isUnchanged = true

  private enum CodingKeys: String, CodingKey {
    case documentDigest
    case table
  }

  /// Describes a table whose bytes are all written.
  package init(_ facts: TableFacts, of file: OutputFile, values: String?, _ axes: [Axis]?)
    throws(SystemError)
  {
    let print = try Fingerprint(file)
    self.facts = facts
    table = Table(
      file: lastComponent(of: file.path), bytes: print.bytes, digest: print.digest, values: values,
      axes: axes)
  }

  /// Decodes a document.
  public init(from decoder: any Decoder) throws {
    facts = try TableFacts(from: decoder)
    facts[TableSeal.member] = nil
    table = try decoder.container(keyedBy: CodingKeys.self).decode(Table.self, forKey: .table)
  }

  /// Encodes the facts and the table as members of one object.
  public func encode(to encoder: any Encoder) throws {
    try facts.encode(to: encoder)
    var values = encoder.container(keyedBy: CodingKeys.self)
    try values.encode(TableSeal.blank, forKey: .documentDigest)
    try values.encode(table, forKey: .table)
  }

  /// The path of the document beside a table.
  public static func path(of table: String) -> String { table + suffix }

  /// More bytes than a document has; frequencies of a spectrogram's rows are most of them.
  private static let most = 1 << 26

  /// What follows the name of the table.
  public static let suffix = ".json"

  /// The document at a path; nil if there is none.
  public init?(path: String) {
    guard let bytes = contents(ofRegularFile: path, atMost: Self.most),
      let document = try? JSONDecoder().decode(Self.self, from: Data(bytes)),
      let schema = document.facts.text("schema"), schema.hasPrefix("wavfft-table/")
    else { return nil }
    self = document
    isUnchanged = TableSeal.isWhole(bytes)
  }

  /// Whether nothing is lost if the document beside a table is replaced: the program wrote it for this table, and
  /// nobody has changed it.
  public func isReplaceable(beside path: String) -> Bool {
    isUnchanged && (PathKey(table.file) == PathKey(lastComponent(of: path)) || describes(path))
  }

  /// Whether the table is as it was when it was described.
  public func describes(_ path: String) -> Bool {
    guard size(ofRegularFile: path) == table.bytes else { return false }
    return Fingerprint(path: path) == Fingerprint(bytes: table.bytes, digest: table.digest)
  }

  /// The document as JSON text.
  package func json() throws -> String { TableSeal.sealed(try jsonText(self)) }
}
