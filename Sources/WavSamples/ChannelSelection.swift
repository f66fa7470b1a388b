// SPDX-License-Identifier: GPL-2.0-or-later

/// The channels of a frame that make the signal.
public enum ChannelSelection: Sendable, Equatable, CustomStringConvertible {
  /// The mean of all channels.
  case mix
  /// One channel, counted from 0.
  case single(Int)
  /// Half the difference of two channels, counted from 0: what the mix of the two cancels.
  case difference(Int, Int)

  /// `mix`, or the channel counted from 1, as users count; `1-2` for a difference.
  public var description: String {
    switch self {
    case .mix: "mix"
    case .single(let index): String(index + 1)
    case .difference(let first, let second): "\(first + 1)-\(second + 1)"
    }
  }
}
