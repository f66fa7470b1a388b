// SPDX-License-Identifier: GPL-2.0-or-later

/// What an index page says: the JSON document in it, as docs/page-format.md defines it.
///
/// There is an array for each kind of result, with a place for each recording: an object for each recording would
/// repeat the names of its members.
struct IndexDescription: Codable {
  /// The results.
  struct Recordings: Codable {
    var name: [String] = []
    var page: [String?] = []
    var status: [String] = []
    var error: [String?] = []
    var channel: [String?] = []
    var durationS: [Double?] = []
    var sampleRateHz: [Int?] = []
    var rmsDbfs: [Double?] = []
    var centroidHz: [Double?] = []
    var peakHz: [Double?] = []
    var peakDbfs: [Double?] = []
    var peakNote: [String?] = []
  }

  /// The level of a band in each recording.
  struct Band: Codable {
    var name: String
    /// Null for silence.
    var levelDbfs: [Double?]
    /// The places of recordings that do not have the band.
    var missing: [Int]
  }

  /// The curves: their axes, and the array of their levels.
  struct Thumbnails: Codable {
    var columns: Int
    var lowHz: [Double?]
    var highHz: [Double?]
    var array: Int
  }

  var format = "wavfft index"
  var version = 1
  let program: String
  let title: String
  let subtitle: String
  let remarks: [String]
  let options: String
  /// Nil for the usual colours.
  let theme: String?
  var recordings = Recordings()
  let bands: [Band]
  /// The places of recordings that have no bin in the band; nil if there are none.
  var withoutBins: [Int]?
  var thumbnails: Thumbnails?
  var arrays: [PageDescription.ArrayEntry] = []

  /// Describes everything but the curves.
  init(_ contents: IndexContents) {
    program = contents.program
    title = printable(contents.title)
    subtitle = printable(contents.subtitle)
    remarks = contents.remarks.map(printable)
    options = printable(contents.options)
    theme = contents.theme == .auto ? nil : contents.theme.rawValue
    let entries = contents.entries
    bands = contents.bands.map { name in
      Band(
        name: name, levelDbfs: entries.map { $0.bands[name] ?? nil },
        missing: entries.indices.filter { entries[$0].bands[name] == nil })
    }
    let empty = entries.indices.filter { entries[$0].hasNoBins }
    if !empty.isEmpty { withoutBins = empty }
    for entry in entries { recordings.append(entry) }
  }
}

extension IndexDescription.Recordings {
  fileprivate mutating func append(_ entry: IndexEntry) {
    name.append(printable(entry.name))
    page.append(entry.page)
    status.append(entry.status)
    error.append(entry.error.map(printable))
    channel.append(entry.channel)
    durationS.append(entry.duration)
    sampleRateHz.append(entry.sampleRate)
    rmsDbfs.append(entry.rms)
    centroidHz.append(entry.centroid)
    peakHz.append(entry.peak?.frequency)
    peakDbfs.append(entry.peak?.level)
    peakNote.append(entry.peak?.note)
  }
}
