// SPDX-License-Identifier: GPL-2.0-or-later

import WavSamples
import WavSystem

/// The part of a file that is analysed: a range of frames, and a channel or the mix.
public struct SampleSelection: Sendable, Equatable {
  /// First frame.
  public let start: Int
  /// Number of frames, at least 1.
  public let count: Int
  /// The channel, mix or difference.
  public let channel: ChannelSelection
}

extension SoundFile {
  /// Selects a part of the file.
  ///
  /// - Parameters:
  ///   - channel: The channel, mix or difference.
  ///   - start: The beginning in seconds, >= 0; nil for the beginning of the file.
  ///   - duration: The length in seconds, > 0; nil for the rest of the file. A part that reaches
  ///     beyond the end stops there.
  ///   - isSalvaging: Whether to accept the rest of a truncated recording.
  /// - Returns: The frames to analyse, at least one.
  /// - Throws: ``AudioError`` when there is no such channel, when nothing is left to analyse, or
  ///   when the file is truncated before the end of the selection.
  public func select(
    _ channel: ChannelSelection, start: Double?, duration: Double?, isSalvaging: Bool = false
  ) throws(AudioError) -> SampleSelection {
    let highest: Int?
    switch channel {
    case .mix: highest = nil
    case .single(let index): highest = index
    case .difference(let first, let second): highest = max(first, second)
    }
    if let index = highest, index >= channels {
      throw AudioError(
        .request,
        "\(path) has no channel \(index + 1); choose "
          + (channels == 1 ? "1, its only channel" : "1 to \(channels), or mix"))
    }
    let rate = Double(sampleRate)
    let first = ((start ?? 0) * rate).rounded()
    guard first < Double(frames) else {
      throw AudioError(
        .request,
        "\(.start) \(inWords(start ?? 0)) is behind the end of \(path), which is "
          + "\(inWords(Double(frames) / rate)) s long; choose an earlier start")
    }
    let available = frames - Int(first)
    let wanted = duration.map { max(1, ($0 * rate).rounded()) } ?? Double(available)
    // A part that ends before the truncation is complete.
    if !isSalvaging, duration == nil || wanted > Double(available) { try checkNotTruncated() }
    return SampleSelection(
      start: Int(first), count: Int(min(wanted, Double(available))), channel: channel)
  }

  private func checkNotTruncated() throws(AudioError) {
    guard let truncation else { return }
    let reason: String
    if let promised = chunks.promisedByteCount() {
      reason = "its header promises \(promised) bytes and it has \(byteCount)"
    } else if case .frames(let missing) = truncation {
      reason = "its header promises \(frames + missing) frames and it has \(frames)"
    } else {
      reason = "it ends in the middle of the stream"
    }
    throw AudioError(
      .unusable,
      "\(path) is truncated: \(reason); mend it, or analyse what is there with \(.salvage)")
  }
}

/// Seconds, rounded to microseconds, which are shorter than a frame.
private func inWords(_ seconds: Double) -> String {
  let rounded = (seconds * 1e6).rounded() / 1e6
  return rounded == rounded.rounded() ? "\(Int(rounded))" : "\(rounded)"
}
