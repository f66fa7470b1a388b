// SPDX-License-Identifier: GPL-2.0-or-later

/// The words in and around a figure.
public struct FigureText: Sendable {
  /// Headline: the name of the recording.
  public var title: String
  /// One line of method and resolution under the headline.
  public var subtitle: String
  /// A few sentences for those who cannot see the figure.
  public var description: String
  /// What stands in the middle of the plot when there is nothing to draw; nil if there is.
  public var emptiness: String?
  /// Remarks at the top of the plot, a line each.
  public var remarks: [String]

  /// Collects the words.
  public init(
    title: String, subtitle: String, description: String, emptiness: String? = nil,
    remarks: [String] = []
  ) {
    self.title = title
    self.subtitle = subtitle
    self.description = description
    self.emptiness = emptiness
    self.remarks = remarks
  }
}
