// SPDX-License-Identifier: GPL-2.0-or-later

import WavAudio
import WavSamples

/// The signals that stand for all channels of a recording: each channel, and half the difference of each two
/// neighbours; the mix is there anyway.
///
/// The magnitudes of the channels alone do not see what is between them: a channel that is inverted has the same
/// magnitudes. The mix and the difference see it, for they exchange what they hold; and a difference that is silent
/// is mono.
enum ChannelViews {
  /// Recordings with more channels are compared by their mix alone.
  static let mostChannels = 8

  /// The signals of so many channels, the mix left out; none of a single channel or of too many.
  static func selections(channels count: Int) -> [ChannelSelection] {
    guard (2...mostChannels).contains(count) else { return [] }
    return (0..<count).map { .single($0) } + (1..<count).map { .difference($0 - 1, $0) }
  }

  /// What a signal of a recording is called: `channel 2 of a.wav`.
  static func name(_ channel: String, of path: String) -> String {
    let numbers = channel.split(separator: "-")
    return numbers.count == 2
      ? "the difference of channels \(numbers[0]) and \(numbers[1]) of \(path)"
      : "channel \(channel) of \(path)"
  }

  /// The same without the recording: `channel 2`, `the difference of channels 1 and 2`.
  static func name(_ channel: String) -> String {
    String(name(channel, of: "").dropLast(" of ".count))
  }
}
