// SPDX-License-Identifier: GPL-2.0-or-later

import ArgumentParser
import WavAnalysis
import WavExport
import WavSpectrum

/// Options that decide what the rows of a result have; comparisons and overlays have magnitudes of lines.
struct RowOptions: ParsableArguments {
  @Option(
    help: ArgumentHelp(
      "What --points all has of each bin: magnitude (with its level), or complex (X[k] itself, as "
        + "numpy.fft.rfft; a plain array in .npy).",
      valueName: "values"))
  var values = BinValues.magnitude

  @Option(
    help: ArgumentHelp(
      "Instead of --points: power in octave, third-octave, sixth or twelfth bands (IEC 61260-1), or in semitone "
        + "bands, one for each note.",
      valueName: "bands"))
  var bands: BandChoice?

  @Option(
    help: ArgumentHelp("Frequency weighting of --bands: A or C (IEC 61672-1).", valueName: "curve"))
  var weighting: WeightingChoice?

  @OptionGroup var spectrogram: SpectrogramOptions

  /// Refuses options that do not go with those of the spectrum.
  func validate(with spectrum: SpectrumOptions<WholeAnalysis>) throws {
    let (method, points, parts) = (spectrum.method, spectrum.points, spectrum.parts)
    if method != .spectrogram, let given = spectrogram.given {
      throw ValidationError(
        "\(given) goes with --method spectrogram; choose it, or leave the option out.")
    }
    if let method, method.isSegmented, values == .complex {
      throw ValidationError(
        "--values complex are those of one transform, not of --method \(method.rawValue); leave one of them out."
      )
    }
    if method == .spectrogram, bands != nil {
      throw ValidationError("--bands are those of one spectrum; choose --method exact or welch.")
    }
    if bands != nil, points != nil {
      throw ValidationError("--bands are rows instead of --points; leave one of them out.")
    }
    if weighting != nil, bands == nil {
      throw ValidationError("--weighting goes with --bands; choose third-octave, or leave it out.")
    }
    if bands != nil, let parts, parts > 1 {
      throw ValidationError(
        "--bands of a decimated spectrum would hold what has folded back; leave --parts out.")
    }
    if values == .complex, points != .all {
      throw ValidationError("--values complex has a row for every bin; add --points all.")
    }
    if values == .complex, let parts, parts > 1 {
      throw ValidationError(
        "--values complex is of one transform, and --parts \(parts) adds magnitudes; leave one of them out."
      )
    }
  }

  /// Adds the options to the request for a spectrum.
  func apply(to request: inout AnalysisRequest, of spectrum: SpectrumOptions<WholeAnalysis>) {
    if let bands { request.bandScheme = BandScheme(name: bands.rawValue, a4: request.a4) }
    request.weighting = weighting.flatMap { FrequencyWeighting(rawValue: $0.rawValue.uppercased()) }
    request.values = values
    request.spectrogram = spectrogram.choice
    if request.method.name == .spectrogram {
      var choice = request.spectrogram ?? SpectrogramChoice()
      if case .bands(let count)? = spectrum.points { choice.rows = count }
      choice.spacing = request.figure.spacing
      request.spectrogram = choice == SpectrogramChoice() ? nil : choice
    }
  }
}
