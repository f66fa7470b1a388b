// SPDX-License-Identifier: GPL-2.0-or-later

import WavAudio
import WavSamples

/// The signals that describe all channels of a recording.
///
/// They are each channel, and half the difference of each two neighbours; the mix is always
/// compared.
///
/// The magnitudes of the channels alone do not show their relation: an inverted channel has the
/// same magnitudes. Mix and difference show it, because inverting a channel exchanges them. A
/// silent difference means mono.
enum ChannelViews {
  /// Recordings with more channels are compared by their mixes alone.
  static let mostChannels = 8

  /// The signals for this many channels, without the mix; none for a single channel or for too
  /// many.
  static func selections(channels count: Int) -> [ChannelSelection] {
    guard (2...mostChannels).contains(count) else { return [] }
    return (0..<count).map { .single($0) } + (1..<count).map { .difference($0 - 1, $0) }
  }

  /// The name of a signal of a recording: `channel 2 of a.wav`.
  static func name(_ channel: String, of path: String) -> String {
    let numbers = channel.split(separator: "-")
    return numbers.count == 2
      ? "the difference of channels \(numbers[0]) and \(numbers[1]) of \(path)"
      : "channel \(channel) of \(path)"
  }

  /// The name without the recording: `channel 2`, `the difference of channels 1 and 2`.
  static func name(_ channel: String) -> String {
    String(name(channel, of: "").dropLast(" of ".count))
  }
}
