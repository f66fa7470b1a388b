// SPDX-License-Identifier: GPL-2.0-or-later

import WavSamples
import WavSpectrum
import WavSystem
import WavWorkers

/// An option whose value means nothing, whatever the recording.
struct InvalidOption: ExplainedError {
  let sentence: Sentence
  let kind = ErrorKind.request
}

extension SpectrumOptions {
  /// Refuses values out of range: the layers below count on them.
  ///
  /// - Throws: ``InvalidOption``.
  func check() throws(InvalidOption) {
    func require(_ isValid: Bool, _ sentence: @autoclosure () -> Sentence) throws(InvalidOption) {
      if !isValid { throw InvalidOption(sentence: sentence()) }
    }
    let parts = method.parts
    try require((1...4096).contains(parts), "parts is \(parts); choose a number from 1 to 4096")
    try require(
      method.name == .decimated || parts == 1,
      "parts is \(parts), and the \(method.name.rawValue) method has one part; choose the decimated method"
    )
    try require(
      values == .magnitude || parts == 1,
      "values are complex, and parts is \(parts); choose magnitudes, or the exact method")
    try require(
      values == .magnitude || rows == .all || keepsEveryBin,
      "values are complex, and there is no row for every bin; choose rows all, or keepsEveryBin")
    try require(
      values == .magnitude || !method.isSegmented,
      "values are complex, and the \(method.name.rawValue) method has many transforms; choose magnitudes, or the "
        + "exact method")
    try checkSegments()
    try checkBands()
    if case .fixed(let length) = method.length {
      try require(
        (1...LengthRule.greatest).contains(length),
        "length is \(length); choose a number from 1 to 2^40")
    }
    for channel in channel.indices {
      try require(channel >= 0, "channel is \(channel); channels are counted from 0")
    }
    if let start {
      try require(
        start >= 0 && start < 1e12, "start is \(start); choose 0 to 1e12 seconds")
    }
    if let duration {
      try require(
        duration > 0 && duration < 1e12,
        "duration is \(duration); choose a number of seconds above 0, up to 1e12")
    }
    if case .between(let low, let high) = band {
      try require(
        (low == 0 || low >= FrequencyBand.lowest) && low < high && high <= 1e12,
        "band is \(low):\(high); choose 0 <= low < high in Hz")
    }
    if case .bands(let count) = rows {
      try require(
        (1...65536).contains(count), "rows is \(count) bands; choose a number from 1 to 65536")
    }
    try require((0...1000).contains(peaks), "peaks is \(peaks); choose a number from 0 to 1000")
    try require((220...880).contains(a4), "a4 is \(a4); choose a pitch from 220 to 880 Hz")
    try require((0...256).contains(workers), "workers is \(workers); choose a number from 0 to 256")
    let threads = threadCount()
    try require(
      workers == 0 || threads == 1,
      "workers need a process with a single thread, and this one has \(threads); choose 0 workers, or "
        + "compute before threads are started")
  }
}

extension SpectrumOptions {
  private func checkSegments() throws(InvalidOption) {
    guard method.isSegmented else { return }
    let segmentation = method.segmentation
    guard method.length == .automatic else {
      throw InvalidOption(
        sentence:
          "length is \(method.length), and segments have a length of their own; choose their segmentation"
      )
    }
    guard segmentation.overlap >= 0, segmentation.overlap <= Segmentation.greatestOverlap else {
      throw InvalidOption(
        sentence:
          "overlap is \(segmentation.overlap); choose a share of a segment from 0 to \(Segmentation.greatestOverlap)"
      )
    }
    let isValid =
      switch segmentation.segment {
      case .automatic: true
      case .samples(let count): (2...SegmentRule.greatest).contains(count)
      case .seconds(let number), .resolution(let number): number > 0 && number < 1e9
      }
    guard isValid else {
      throw InvalidOption(
        sentence:
          "segment is \(segmentation.segment); choose 2 to 2^30 samples, or a duration or a resolution above 0"
      )
    }
  }
}

extension SpectrumOptions {
  /// Refuses combinations with proportional bands that have no meaning.
  private func checkBands() throws(InvalidOption) {
    guard let bands else {
      guard weighting != .z else { return }
      throw InvalidOption(
        sentence: "weighting is \(weighting), and there are no bands; choose bands, or weighting Z")
    }
    guard method.parts == 1, method.name != .spectrogram else {
      throw InvalidOption(
        sentence: "bands are those of one whole spectrum; choose the exact method, or welch")
    }
    guard rows != .all else {
      throw InvalidOption(
        sentence: "rows are every bin, and bands are rows, too; choose one of them")
    }
    if case .semitone(let a4) = bands, !(220...880).contains(a4) {
      throw InvalidOption(sentence: "a4 of bands is \(a4); choose a pitch from 220 to 880 Hz")
    }
  }
}

extension ChannelSelection {
  /// The channels that are named, counted from 0.
  fileprivate var indices: [Int] {
    switch self {
    case .mix: []
    case .single(let index): [index]
    case .difference(let first, let second): [first, second]
    }
  }
}
