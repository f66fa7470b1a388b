// SPDX-License-Identifier: GPL-2.0-or-later

import WavExport

/// The result for one file of a batch, or for one of its channels: a line of the summary.
public struct FileRecord: Codable, Equatable, Sendable {
  /// How an analysis ended.
  public enum Status: String, Codable, Sendable {
    /// All outputs are written.
    case ok
    /// All outputs are written, for the rest of a truncated recording (`--salvage`).
    case partial
    /// No outputs are written; ``FileRecord/error`` has the reason.
    case error
  }

  /// A spectral peak.
  public struct Peak: Codable, Equatable, Sendable {
    /// Frequency in Hz.
    public var frequencyHz: Double
    /// Level in dBFS.
    public var levelDbfs: Double
    /// Name of the nearest note: `F#5`; nil outside the range of notes.
    public var note: String?
  }

  /// The input, as the user named it.
  public var path: String
  /// How it ended.
  public var status: Status
  /// Why it failed, as a sentence.
  public var error: String?
  /// The channel: `mix`, or a number from 1.
  public var channel: String?
  /// Length of the analysed part in seconds.
  public var durationS: Double?
  /// Frames per second, in Hz.
  public var sampleRateHz: Int?
  /// Samples in a frame.
  public var channels: Int?
  /// Frames in the file.
  public var frames: Int?
  /// Transform length N of one part, zeros included.
  public var transformLength: Int?
  /// RMS of the signal in the band, in dBFS by AES17; nil for silence.
  public var rmsDbfs: Double?
  /// True if no bin is in the band, which then has no level at all; otherwise nil.
  public var hasNoBins: Bool?
  /// Mean frequency of the band in Hz, weighted by power; nil for silence.
  public var centroidHz: Double?
  /// Level of each band that has a column, in dBFS like the RMS, by name; nil for silence, and
  /// missing if the spectrum does not cover the band.
  public var bandLevels: [String: Double?]?
  /// The strongest peaks, in descending order.
  public var peaks: [Peak]?
  /// The curve for the index page; nil if the batch writes no pages.
  public var thumbnail: Thumbnail?
  /// Share of the band, linear in Hz, that decimation removed; nil for the exact method.
  public var lossShare: Double?
  /// Share of the energy above the limit of decimation, which folds back; nil for the exact method.
  public var energyAboveLimit: Double?
  /// Seconds of the analysis; nil if they are not wanted.
  public var seconds: Double?
  /// Path of the outputs below the output folder, without their extensions.
  public var output: String?
  /// Size of each output in bytes, by its extension.
  public var outputBytes: [String: Int]?
  /// Digest of each output, by its extension: XXH64, 16 hexadecimal digits.
  public var outputDigests: [String: String]?
  /// Size of the input in bytes when it was analysed.
  public var inputBytes: Int?
  /// Time of the input's last modification, ISO 8601 in UTC with nanoseconds.
  public var inputModified: String?
  /// Number of the input's inode.
  public var inputInode: UInt64?
  /// Time of the input's last status change, like ``inputModified``.
  public var inputChanged: String?
  /// The options that decide the bytes of the outputs, in words.
  public var options: String
  /// Their hash; options are equal if their hashes are.
  public var optionsHash: String

  /// A record without results.
  init(path: String, status: Status, error: String? = nil, options: OptionsInWords) {
    self.path = path
    self.status = status
    self.error = error
    self.options = options.text
    optionsHash = options.hash
  }

  /// Whether the path of its outputs leads to a place below the output folder.
  var hasOutputsBelowFolder: Bool {
    guard let output else { return true }
    let parts = output.utf8.split(
      separator: UInt8(ascii: "/"), omittingEmptySubsequences: false
    ).map { String(Substring($0)) }
    return parts.last?.isEmpty == false
      && parts.dropLast().allSatisfy { !["", ".", ".."].contains($0) }
  }
}
