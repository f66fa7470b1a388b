// SPDX-License-Identifier: GPL-2.0-or-later

import WavExport
import WavSpectrum
import WavSystem

extension TableSidecar {
  /// The document beside a table, if the table is as it was when it was described; otherwise nil.
  init?(besideUnchanged path: String) {
    self.init(path: Self.path(of: path))
    guard describes(path) else { return nil }
  }

  /// What a document beside a table is worth.
  public enum State: Sendable {
    /// It says how the table was made, as the program wrote it.
    case trusted
    /// It says so, and somebody has changed it.
    case changed
    /// It says nothing of the table, which is another one.
    case ignored
  }

  /// What the document beside a table is worth; nil if there is none.
  public static func state(beside path: String) -> State? {
    guard let sidecar = Self(path: Self.path(of: path)) else { return nil }
    guard sidecar.describes(path) else { return .ignored }
    return sidecar.isUnchanged ? .trusted : .changed
  }

  /// Whether the document beside a table is read with it.
  public static func isRead(beside path: String) -> Bool {
    switch state(beside: path) {
    case .trusted, .changed: true
    case .none, .ignored: false
    }
  }

  /// The frequencies of an array of complex bins; nil for all other tables.
  var axisOfBins: Axis? {
    guard table.values == "complex", let axes = table.axes, axes.count == 1 else { return nil }
    return axes[0]
  }
}

extension SpectrumFacts {
  /// How a table says it was made; nothing for one that does not.
  ///
  /// - Throws: ``ComparisonError`` when it was written in another version of the format, or says what cannot be.
  init(
    _ table: TableFacts, in header: TableHeader, of path: String
  ) throws(ComparisonError) {
    self.init()
    guard let schema = table.text("schema") else { return }
    guard schema == DocumentSchema.table else {
      if DocumentSchema.isVersion(schema, of: DocumentSchema.table) {
        throw .version(path, schema, DocumentSchema.table)
      }
      // Comments of another program.
      return
    }
    self.header = header
    sampleRate = table.integer("sample_rate_hz")
    transformLength = table.integer("transform_length")
    samples = table.integer("segment_length") ?? table.integer("used_samples")
    guard let name = table.text("method"), let parts = table.integer("parts"),
      let method = MethodDescription(
        name: name, parts: parts, parameters: Self.parameters(table.text("parameters")))
    else { throw .impossible(path) }
    note(method)
    degreesOfFreedom = table.number("degrees_of_freedom")
    noiseBandwidth = table.number("noise_bandwidth_hz")
    channel = table.text("channel")
    channelCount = table.integer("channels")
    encoding = table.text("encoding")
    frames = table.integer("selected_frames")
    binCount = table.integer("points")
    if let low = table.number("band_low_hz"), let high = table.number("band_high_hz") {
      guard low <= high else { throw .impossible(path) }
      band = low...high
    }
    if let start = table.integer("start_frame"), let count = frames,
      let whole = table.integer("frames"), count < whole
    {
      // No file has that many frames, and sums of them do not overflow.
      guard [start, count, whole].allSatisfy((0...(1 << 48)).contains) else {
        throw .impossible(path)
      }
      part = start..<start + count
    }
  }

  /// The parameters of a method: `length=auto; method=exact:1; window=hann`.
  private static func parameters(_ text: String?) -> [String: String]? {
    guard let text else { return nil }
    let pairs = text.split(separator: "; ").map {
      $0.split(separator: "=", maxSplits: 1).map(String.init)
    }
    return Dictionary(
      pairs.map { ($0[0], $0.count == 2 ? $0[1] : "") }, uniquingKeysWith: { first, _ in first })
  }
}

extension ComparisonError {
  /// A file that contradicts itself.
  static func impossible(_ path: String) -> ComparisonError {
    ComparisonError(
      .unusable, "\(path) says of itself what cannot be; make it again with wavfft")
  }
}
