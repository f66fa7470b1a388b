// SPDX-License-Identifier: GPL-2.0-or-later

/// The results of all channels of a recording, of the same kind and in the same bands.
public protocol ChannelsResult {
  /// The result of each channel.
  var channels: [ChannelResult] { get }
  /// The figure: a curve for each channel.
  func figure() -> Scene
  /// The report as a JSON document: an array with the report of each channel.
  func report() throws -> String
}

/// The result of a channel.
public enum ChannelResult {
  /// Lines over frequency.
  case lines(any LineResult)
  /// Power density over frequency.
  case density(any DensityResult)
  /// Powers of proportional bands.
  case bands(any BandResult)
}
