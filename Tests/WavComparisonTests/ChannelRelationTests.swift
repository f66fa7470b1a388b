// SPDX-License-Identifier: GPL-2.0-or-later

import Testing

@testable import WavComparison

/// What has happened to channels, found from the channels, the mix and the differences.
struct ChannelRelationTests {
  /// Signals of a recording by name; equal signals have the same letter, silence has none.
  private typealias Signals = [String: String]

  private func sentence(
    _ own: Signals, _ reference: Signals, _ count: (own: Int, reference: Int) = (2, 2)
  ) throws -> String? {
    try ChannelRelation(
      count: count,
      isSame: { own[$0] != nil && own[$0] == reference[$1] },
      isSilent: { ($1 ? reference : own)[$0] == "" }
    ).sentence
  }

  private let stereo: Signals = ["mix": "M", "1": "L", "2": "R", "1-2": "S"]

  @Test func unchangedChannelsHaveNoRelation() throws {
    try #expect(sentence(stereo, stereo) == nil)
    let mono: Signals = ["mix": "M", "1": "M", "2": "M", "1-2": ""]
    try #expect(sentence(mono, mono) == nil)
  }

  @Test func swappedChannels() throws {
    let swapped: Signals = ["mix": "M", "1": "R", "2": "L", "1-2": "S"]
    try #expect(sentence(swapped, stereo) == "the channels are swapped")
    let both: Signals = ["mix": "S", "1": "R", "2": "L", "1-2": "M"]
    try #expect(
      sentence(both, stereo) == "the channels are swapped, and one of them is inverted")
  }

  /// One direction does not prove a swap: the other channel may be something else.
  @Test func oneDirectionIsNoSwap() throws {
    try #expect(sentence(["mix": "X", "1": "R", "2": "R", "1-2": "Y"], stereo) == nil)
    try #expect(sentence(["mix": "X", "1": "R", "2": "Z", "1-2": "Y"], stereo) == nil)
    try #expect(sentence(["mix": "X", "1": "Z", "2": "L", "1-2": "Y"], stereo) == nil)
    try #expect(sentence(["mix": "X", "1": "L", "2": "Z", "1-2": "Y"], stereo) == nil)
  }

  @Test func oneInverted() throws {
    let inverted: Signals = ["mix": "S", "1": "L", "2": "R", "1-2": "M"]
    try #expect(sentence(inverted, stereo)?.hasPrefix("one of the channels is inverted") == true)
    let late: Signals = ["mix": "X", "1": "L", "2": "R", "1-2": "Y"]
    try #expect(sentence(late, stereo)?.hasPrefix("each channel is the same by itself") == true)
    // Only one of mix and difference is exchanged.
    let half: Signals = ["mix": "S", "1": "L", "2": "R", "1-2": "Y"]
    try #expect(sentence(half, stereo)?.hasPrefix("each channel is the same by itself") == true)
  }

  @Test func mono() throws {
    func mono(_ of: String) -> Signals { ["mix": of, "1": of, "2": of, "1-2": ""] }
    try #expect(sentence(mono("M"), stereo)?.hasSuffix("is the mix of the reference's") == true)
    try #expect(sentence(mono("R"), stereo)?.hasSuffix("is channel 2 of the reference") == true)
    try #expect(sentence(mono("X"), stereo)?.hasSuffix("all its channels are the same") == true)
    // Silence is not mono.
    try #expect(sentence(["mix": "", "1": "", "2": "", "1-2": ""], stereo) == nil)
  }

  @Test func otherNumbersOfChannels() throws {
    try #expect(
      sentence(["mix": "M"], stereo, (1, 2))?.hasSuffix("the mix of the reference's channels")
        == true)
    try #expect(
      sentence(["mix": "R"], stereo, (1, 2))?.hasSuffix("channel 2 of the reference alone") == true)
    try #expect(sentence(["mix": "X"], stereo, (1, 2)) == nil)
    try #expect(sentence(stereo, ["mix": "M"], (2, 1)) == nil)
  }

  @Test func moreChannels() throws {
    let three: Signals = ["mix": "M", "1": "a", "2": "b", "3": "c", "1-2": "d", "2-3": "e"]
    let rotated: Signals = ["mix": "M", "1": "c", "2": "a", "3": "b", "1-2": "f", "2-3": "d"]
    try #expect(
      sentence(rotated, three, (3, 3))
        == "the channels are in another order: those of the reference in the order 3, 1, 2")
    let inverted: Signals = ["mix": "N", "1": "a", "2": "b", "3": "c", "1-2": "x", "2-3": "y"]
    try #expect(
      sentence(inverted, three, (3, 3))?.hasPrefix("each channel is the same by itself") == true)
  }
}
