// SPDX-License-Identifier: GPL-2.0-or-later

import Glibc

/// A standard division of the frequency axis into bands of constant relative width.
///
/// Fractions of an octave follow IEC 61260-1:2014: the octave ratio is G = 10^(3/10), the reference
/// 1000 Hz is the middle of a band (octaves, third-octaves) or an edge (sixths, twelfths), and each
/// band reaches from its exact midband frequency divided by G^(1/2b) to that multiplied by
/// G^(1/2b), with b bands per octave. Semitones are those of equal temperament, from 50 cents below
/// a note to 50 cents above it.
///
/// Neighbouring bands meet: the upper edge of a band is the same number as the lower edge of the
/// next.
public enum BandScheme: Sendable, Equatable, CustomStringConvertible {
  /// One band per octave.
  case octave
  /// Three bands per octave, ten per decade.
  case thirdOctave
  /// Six bands per octave.
  case sixthOctave
  /// Twelve bands per octave. They are not semitones: G is a little less than 2.
  case twelfthOctave
  /// One band for each note, where A4 has `a4` Hz.
  case semitone(a4: Double)

  /// As on the command line: `third-octave`.
  public var description: String {
    switch self {
    case .octave: "octave"
    case .thirdOctave: "third-octave"
    case .sixthOctave: "sixth"
    case .twelfthOctave: "twelfth"
    case .semitone: "semitone"
    }
  }

  /// The scheme with this ``description``, or nil; `a4` Hz is the reference pitch of semitones.
  public init?(name: String, a4: Double = 440) {
    let schemes = [.octave, .thirdOctave, .sixthOctave, .twelfthOctave, Self.semitone(a4: a4)]
    guard let scheme = schemes.first(where: { $0.description == name }) else { return nil }
    self = scheme
  }

  /// What its bands are called: `Third-octave bands`.
  public var title: String {
    switch self {
    case .octave: "Octave bands"
    case .thirdOctave: "Third-octave bands"
    case .sixthOctave: "Sixth-octave bands"
    case .twelfthOctave: "Twelfth-octave bands"
    case .semitone: "Notes"
    }
  }

  /// Whether its bands are notes.
  public var isOfNotes: Bool {
    if case .semitone = self { return true }
    return false
  }

  /// All values of ``description``.
  public static let names = ["octave", "third-octave", "sixth", "twelfth", "semitone"]

  /// One band of a scheme.
  public struct Band: Sendable, Equatable {
    /// Place in the scheme: x of IEC 61260-1, or the number of the note, where A4 is 69.
    public let number: Int
    /// Exact midband frequency in Hz, the geometric mean of the edges.
    public let midband: Double
    /// Lower edge in Hz.
    public let lowEdge: Double
    /// Upper edge in Hz.
    public let highEdge: Double
    /// Nominal midband frequency in Hz, by which a band is known, such as 31.5 or 1250; of a
    /// semitone the exact one.
    public let nominal: Double
    /// What a figure or table calls the band: `31.5`, `1.25 k`, `A4`.
    public let name: String

    /// Width divided by the distance of the bins: the number of bins, parts included, whose power
    /// is that of the band.
    ///
    /// What the grid does not show does not count.
    public func binCount(in grid: BinGrid) -> Double {
      max(0, min(highEdge, grid.limit) - lowEdge) / grid.spacing
    }

    /// Bands with fewer bins tell little about the sound.
    ///
    /// The level of noise in n bins scatters by 4.3 / sqrt(n) dB, which is 1.9 dB for five, and a
    /// window spreads each bin over its neighbours.
    public static let fewestBins = 5.0

    /// Whether the grid shows all of the band, and not only what is below its limit.
    public func isComplete(in grid: BinGrid) -> Bool { highEdge <= grid.limit }
  }

  /// The bands whose nominal midband frequency is in the range, its ends included, from low to
  /// high.
  ///
  /// So 20 Hz to 20 kHz has 31 third-octaves, the lowest from 17.8 Hz, the highest to 22.4 kHz: a
  /// band is not cut by the range that lists it. A band with its exact midband frequency at or
  /// above the limit of the grid is left out. One that the limit cuts is listed, but is not
  /// complete (``Band/isComplete(in:)``): what is known of it is the power below the limit. At 44.1
  /// kHz these are the third-octave of 20 kHz and the octave of 16 kHz. A range that begins at 0
  /// begins at one bin spacing, as ``LogBands`` do.
  ///
  /// - Complexity: O(n) for n bands.
  /// - Returns: Neighbouring bands; none if the range has none.
  public func bands(in range: FrequencyBand, of grid: BinGrid) -> [Band] {
    var (low, high) = (grid.spacing, Double.infinity)
    if case .between(let bottom, let top) = range {
      (low, high) = (bottom > 0 ? bottom : grid.spacing, top)
    }
    // Nominal frequencies are within half a band of the exact ones.
    let first = number(near: low) - 1
    let last = max(first, number(near: min(high, grid.limit)) + 1)
    return (first...last).map { band($0) }.filter {
      low <= $0.nominal && $0.nominal <= high && $0.midband < grid.limit
    }
  }

  /// The band with a number.
  public func band(_ number: Int) -> Band {
    let place = 2 * number + (isReferenceAnEdge ? 1 : 0)
    let midband = frequency(place)
    let nominal = nominalFrequency(number, midband)
    let name =
      if case .semitone(let a4) = self {
        MusicalNote(frequency: midband, a4: a4).name
      } else {
        nominalName(nominal)
      }
    return Band(
      number: number, midband: midband, lowEdge: frequency(place - 1),
      highEdge: frequency(place + 1), nominal: nominal, name: name)
  }

  /// Bands in an octave, 2 or G.
  private var bandsPerOctave: Int {
    switch self {
    case .octave: 1
    case .thirdOctave: 3
    case .sixthOctave: 6
    case .twelfthOctave, .semitone: 12
    }
  }

  private var isReferenceAnEdge: Bool { self == .sixthOctave || self == .twelfthOctave }

  /// A frequency counted in half bands from the reference, so that edges and midbands are
  /// neighbours on one scale.
  private func frequency(_ halfBands: Int) -> Double {
    if case .semitone(let a4) = self { return a4 * exp2(Double(halfBands - 2 * 69) / 24) }
    return 1000 * pow(10, Double(3 * halfBands) / Double(20 * bandsPerOctave))
  }

  /// The number of a band that is at most one from the band around a frequency.
  private func number(near frequency: Double) -> Int {
    if case .semitone(let a4) = self { return Int((69 + 12 * log2(frequency / a4)).rounded()) }
    return Int((Double(bandsPerOctave) * log10(frequency / 1000) / 0.3).rounded())
  }

  private func nominalFrequency(_ number: Int, _ midband: Double) -> Double {
    switch self {
    case .octave: preferredFrequency(3 * number)
    case .thirdOctave: preferredFrequency(number)
    case .sixthOctave, .twelfthOctave: roundedFrequency(midband)
    case .semitone: midband
    }
  }
}
