// SPDX-License-Identifier: GPL-2.0-or-later

import WavSpectrum

/// The texts of a figure.
public struct FigureText: Sendable {
  /// Headline: the name of the recording.
  public var title: String
  /// The line below the headline: method and resolution.
  public var subtitle: String
  /// A few sentences for people who cannot see the figure.
  public var description: String
  /// Text in the middle of an empty plot; nil if the plot is not empty.
  public var emptiness: String?
  /// Remarks above the plot, one per line.
  public var remarks: [String]
  /// What levels are shown in; nil for dBFS.
  public var reference: LevelReference?

  /// Combines the texts.
  public init(
    title: String, subtitle: String, description: String, emptiness: String? = nil,
    remarks: [String] = [], reference: LevelReference? = nil
  ) {
    self.reference = reference
    self.title = title
    self.subtitle = subtitle
    self.description = description
    self.emptiness = emptiness
    self.remarks = remarks
  }
}
