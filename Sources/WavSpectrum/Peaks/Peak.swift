// SPDX-License-Identifier: GPL-2.0-or-later

/// A spectral peak: a maximum of the magnitude of the discrete-time Fourier transform that stands
/// out from its surroundings.
public struct Peak: Sendable, Equatable {
  /// The shape of a peak.
  public enum Shape: String, Sendable, Codable {
    /// As narrow as the window allows: a tone that is steady throughout the recording.
    case line
    /// Broader: a note that begins, ends, decays or wavers within the recording.
    case note
  }

  /// Frequency of the maximum in Hz.
  public let frequency: Double
  /// Level of the maximum in dBFS.
  public let level: Double
  /// How far it is above the noise floor around it, in dB; nil where there is no noise.
  public let aboveFloor: Double?
  /// Whether it is a line or broader.
  public let shape: Shape
  /// The nearest note; nil for a peak at DC.
  public let note: MusicalNote?

  /// Describes a peak; `a4` is the frequency of the note A4 in Hz.
  public init(
    frequency: Double, level: Double, aboveFloor: Double?, shape: Shape, a4: Double = 440
  ) {
    self.frequency = frequency
    self.level = level
    self.aboveFloor = aboveFloor
    self.shape = shape
    note = frequency > 0 ? MusicalNote(frequency: frequency, a4: a4) : nil
  }
}
