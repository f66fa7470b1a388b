// SPDX-License-Identifier: GPL-2.0-or-later

/// What has happened to the channels of a recording, found by comparing its signals with those of
/// the reference.
struct ChannelRelation {
  /// The result as a sentence; nil if nothing was found.
  let sentence: String?

  /// Finds out what has happened to the channels.
  ///
  /// - Parameters:
  ///   - count: Number of channels of the recording, and of the reference.
  ///   - isSame: Whether a signal of the recording is the same as one of the reference. Signals are
  ///     called
  ///     `mix`, `1`, `2` … or `1-2`; only existing ones are compared.
  ///   - isSilent: Whether a signal of the recording, or of the reference, is silent.
  /// - Throws: What `isSame` throws.
  init(
    count: (own: Int, reference: Int),
    isSame: (_ own: String, _ reference: String) throws -> Bool,
    isSilent: (_ channel: String, _ isReference: Bool) -> Bool
  ) throws {
    guard count.own == count.reference else {
      // A silent mix could come from any channel.
      sentence = isSilent("mix", false) ? nil : try Self.otherCount(count, isSame)
      return
    }
    let channels = (1...count.own).map(String.init)
    let differences = zip(channels, channels.dropFirst()).map { "\($0)-\($1)" }
    let isMono = differences.allSatisfy { isSilent($0, false) } && !isSilent("1", false)
    if isMono, !differences.allSatisfy({ isSilent($0, true) }) {
      if try isSame("1", "mix") {
        sentence = "it has become mono: every channel is the mix of the reference's"
      } else if let source = try channels.first(where: { try isSame("1", $0) }) {
        sentence = "it has become mono: every channel is channel \(source) of the reference"
      } else {
        sentence = "it has become mono: all its channels are the same"
      }
      return
    }
    if try channels.allSatisfy({ try isSame($0, $0) }) {
      sentence = try Self.sameChannels(count.own, differences, isSame)
      return
    }
    sentence = try Self.order(channels, isSame)
  }

  private static func otherCount(
    _ count: (own: Int, reference: Int), _ isSame: (String, String) throws -> Bool
  ) throws -> String? {
    guard count.own == 1 else { return nil }
    if try isSame("mix", "mix") {
      return "it has become mono: it is the mix of the reference's channels"
    }
    guard count.reference <= ChannelViews.mostChannels else { return nil }
    for channel in (1...count.reference).map(String.init) where try isSame("mix", channel) {
      return "it has become mono: it is channel \(channel) of the reference alone"
    }
    return nil
  }

  /// The case that every channel is the same; their differences may have changed.
  private static func sameChannels(
    _ count: Int, _ differences: [String], _ isSame: (String, String) throws -> Bool
  ) throws -> String? {
    let isMixSame = try isSame("mix", "mix")
    let areSame = try isMixSame && differences.allSatisfy { try isSame($0, $0) }
    if areSame { return nil }
    if count == 2, try isSame("mix", "1-2"), try isSame("1-2", "mix") {
      return "one of the channels is inverted: their sum and their difference have changed places"
    }
    return
      "each channel is the same by itself, but not what is between them: polarity or timing of one of "
      + "them has changed"
  }

  /// The case that the channels have another order.
  private static func order(
    _ channels: [String], _ isSame: (String, String) throws -> Bool
  ) throws -> String? {
    var order: [String] = []
    for channel in channels {
      // If a channel has stayed in place it is not searched for elsewhere.
      let candidates = [channel] + channels.filter { $0 != channel }
      guard
        let source = try candidates.first(where: { try !order.contains($0) && isSame(channel, $0) })
      else { return nil }
      order.append(source)
    }
    guard order != channels else { return nil }
    guard channels.count > 2 else {
      guard try isSame("mix", "mix") else {
        return try isSame("mix", "1-2") && isSame("1-2", "mix")
          ? "the channels are swapped, and one of them is inverted"
          : "the channels are swapped, and what is between them has changed"
      }
      return "the channels are swapped"
    }
    return "the channels are in another order: those of the reference in the order "
      + order.joined(separator: ", ")
  }
}
