// SPDX-License-Identifier: GPL-2.0-or-later

import ArgumentParser
import WavAnalysis
import WavAudio
import WavComparison
import WavExport
import WavSamples
import WavSpectrum
import WavSystem
import WavTransforms

/// Options that decide what is computed, with the values that a command can use.
struct SpectrumOptions<Use: SpectrumUse>: ParsableArguments {
  @Option(
    name: .customLong("method"),
    help: ArgumentHelp(
      "How the spectrum is computed: exact (one transform of all samples), decimated (every P-th "
        + "sample in P parts, magnitudes added)"
        + (Use.hasTime
          ? ", welch (segments, powers averaged: power density) or spectrogram "
            + "(segments one after the other: levels over time)"
          : " or welch (segments, powers averaged: power density)")
        + ". --parts implies decimated. (default: exact)",
      valueName: "method"))
  var chosenMethod: MethodOption<Use>?

  /// The value of `--method`.
  var method: MethodDescription.Name? { chosenMethod?.name }

  @Option(
    parsing: .unconditional,
    help: ArgumentHelp(
      "Number of parts of the decimated method, 1 to 4096. The spectrum then ends at the sampling "
        + "rate / (2 * parts), and the report says what that loses.",
      valueName: "count"), completion: .suggestions("2", "4", "8", "16"))
  var parts: Int?

  @Option(
    parsing: .unconditional,
    help: ArgumentHelp(
      "Which channel: mix (the mean of all), left, right, "
        + (Use.hasChannels
          ? "a number from 1, or each: one figure "
            + "with a curve for every channel, tables with columns of each. With --points all, --method spectrogram "
            + "and in a batch each channel has files of its own, with its number in their names."
          : "or a number from 1.")
        + " (default: mix)",
      valueName: "channel"),
    completion: .suggestions(
      ["mix", "left", "right"] + (Use.hasChannels ? ["each"] : []) + ["1", "2"]),
    transform: ChannelOption.init(parsing:))
  var channel: ChannelOption?

  @Option(
    parsing: .unconditional,
    help: ArgumentHelp("Where in the file to begin, in seconds.", valueName: "seconds"),
    transform: seconds(parsing:))
  var start: Double?

  @Option(
    parsing: .unconditional,
    help: ArgumentHelp("How much of the file to analyse, in seconds.", valueName: "seconds"),
    transform: seconds(parsing:))
  var duration: Double?

  @Option(
    parsing: .unconditional,
    help: ArgumentHelp(
      "Frequencies to keep, LOW < f < HIGH in Hz; \"full\" keeps every bin from 0 Hz up. "
        + "(default: 20:20000)",
      valueName: "low:high"), completion: .suggestions("full", "20:20000"),
    transform: FrequencyBand.init(parsing:))
  var band: FrequencyBand?

  @Option(
    parsing: .unconditional,
    help: ArgumentHelp(
      "Rows of the result: this many log-spaced bands (1 to \(Points.most)), each with its "
        + "strongest bin and its power, those without any bin left out"
        + (Use.hasEveryBin ? "; or \"all\" for every bin" : "") + ". (default: 4096)",
      valueName: "count"),
    completion: .suggestions(["1024", "4096", "16384"] + (Use.hasEveryBin ? ["all"] : [])),
    transform: Points.init(parsing:))
  var points: Points?

  @Option(
    help: ArgumentHelp(
      "Window: rectangular (sharpest lines), hann, hamming, blackman-harris (least leakage) or "
        + "flattop (truest levels). (default: rectangular; hann for segments)",
      valueName: "name"))
  var window: Window?

  @Option(
    parsing: .unconditional,
    help: ArgumentHelp(
      "Transform length: exact (the number of samples), fast (padded with zeros to a length the "
        + "FFT likes), a number, or auto (exact for up to 2^22 samples and numbers with small "
        + "prime factors, else fast). (default: auto)",
      valueName: "length"), completion: .suggestions("auto", "exact", "fast"),
    transform: LengthRule.init(parsing:))
  var length: LengthRule?

  @OptionGroup var segments: SegmentOptions
  @OptionGroup var figure: FigureOptions

  @Option(
    help: ArgumentHelp(
      "Arithmetic: single, double, or auto (single for samples of up to 16 bits and lossy formats, "
        + "double above). (default: auto)",
      valueName: "precision"))
  var precision: PrecisionOption?

  @Option(
    parsing: .unconditional,
    help: ArgumentHelp(
      "Least distance of two listed peaks, in Hz or cents: 2Hz, 50cents. (default: resolved lines "
        + "however close they are, one maximum of each note)",
      valueName: "distance"), completion: .suggestions("2Hz", "50cents"),
    transform: PeakDistance.init(parsing:))
  var peakDistance: PeakDistance?

  @Option(
    name: .customLong("a4"), parsing: .unconditional,
    help: ArgumentHelp("Pitch of the note A4 in Hz. (default: 440)", valueName: "hz"),
    completion: .suggestions("415", "432", "440", "442"))
  var a4: Double?

  @Option(
    parsing: .unconditional,
    help: ArgumentHelp(
      "Worker processes, 1 to 256. (default: the processors this process may use)",
      valueName: "count"), completion: .suggestions("1", "2", "4", "8", "16"))
  var workers: Int?

  @Option(
    parsing: .unconditional,
    help: ArgumentHelp(
      "Replace a worker that has made no progress for this long.", valueName: "seconds"),
    completion: .suggestions("60", "600"))
  var stallTimeout = 60.0

  @Flag(
    help: "Analyse what a truncated recording still has, and say how much is missing.")
  var salvage = false

  func validate() throws {
    if let parts, !(1...4096).contains(parts) {
      throw ValidationError("--parts is \(parts); choose a number from 1 to 4096.")
    }
    if method == .decimated, parts == nil {
      throw ValidationError("--method decimated needs --parts; choose a number from 1 to 4096.")
    }
    if method == .exact, parts != nil {
      throw ValidationError(
        "--parts goes with --method decimated, not exact; leave one of them out.")
    }
    if method == .spectrogram, figure.scale != nil {
      throw ValidationError(
        "--scale is that of curves, and a spectrogram has colours; choose --level-range for these, or leave it out."
      )
    }
    if method == .spectrogram, segments.average != nil {
      throw ValidationError("--average goes with --method welch; choose --reduce, or leave it out.")
    }
    if let method, method.isSegmented {
      if parts != nil {
        throw ValidationError(
          "--parts goes with --method decimated, not \(method.rawValue); leave one of them out.")
      }
      if length != nil {
        throw ValidationError(
          "--length is that of one transform of all samples; for --method \(method.rawValue) choose --segment."
        )
      }
    } else if segments.average != nil {
      throw ValidationError(
        "--average goes with --method welch; choose it, or leave the option out.")
    } else if let given = segments.given {
      throw ValidationError(
        "\(given) goes with --method welch or spectrogram; choose one, or leave the option out.")
    }
    if let start, !(start >= 0 && start < 1e12) {
      throw ValidationError("--start is \(numeral(start)); choose 0 to 1e12 seconds.")
    }
    if let duration, !(duration > 0 && duration < 1e12) {
      throw ValidationError(
        "--duration is \(numeral(duration)); choose a number of seconds above 0, up to 1e12.")
    }
    if let a4, !(220...880).contains(a4) {
      throw ValidationError("--a4 is \(numeral(a4)); choose a pitch from 220 to 880 Hz.")
    }
    if !(0.1...1e9).contains(stallTimeout) {
      throw ValidationError(
        "--stall-timeout is \(numeral(stallTimeout)); choose 0.1 to 1e9 seconds.")
    }
    if let workers, !(1...256).contains(workers) {
      throw ValidationError("--workers is \(workers); choose a number from 1 to 256.")
    }
  }

  /// Whether to analyse each channel separately.
  var isEachChannel: Bool { channel == .each }

  /// The request for one file.
  func request(path: String) -> AnalysisRequest {
    request(path: path, channel: channel?.selection ?? .mix)
  }

  /// The request for one file and channel.
  func request(path: String, channel: ChannelSelection) -> AnalysisRequest {
    var method = describedMethod ?? .exact
    if let window { method.window = window }
    if let length { method.length = length }
    method.segmentation = segments.segmentation
    method.precision = precision?.precision
    var request = AnalysisRequest(
      path: path, method: method, workers: workers ?? min(availableProcessors(), 256))
    if let a4 { request.a4 = a4 }
    request.channel = channel
    request.start = start
    request.duration = duration
    if let band { request.band = band }
    if let points { request.points = points }
    request.figure = figure.choice
    request.peakDistance = peakDistance
    request.stallTimeout = stallTimeout
    request.salvages = salvage
    request.names = .options
    return request
  }

  /// The options that were given and decide how a recording is analysed: a spectrum in a file has been analysed.
  var givenForRecordings: [String] {
    let options = [
      ("--method", method != nil), ("--parts", parts != nil), ("--channel", channel != nil),
      ("--start", start != nil), ("--duration", duration != nil), ("--window", window != nil),
      ("--length", length != nil), ("--precision", precision != nil),
      ("--peak-distance", peakDistance != nil), ("--salvage", salvage),
    ]
    return options.filter(\.1).map(\.0) + [segments.given].compactMap { $0 }
  }

  /// The method from the options; nil if no option names one.
  private var describedMethod: MethodDescription? {
    guard method != nil || parts != nil else { return nil }
    return MethodDescription(method ?? .decimated, parts: parts ?? 1)
  }

  /// The options that were given.
  var chosen: ChosenOptions {
    var chosen = ChosenOptions()
    chosen.method = request(path: "").method
    if describedMethod != nil { chosen.parameters.insert("method") }
    if window != nil { chosen.parameters.insert("window") }
    if length != nil { chosen.parameters.insert("length") }
    chosen.parameters.formUnion(segments.givenParameters)
    chosen.channel = channel?.selection
    chosen.band = band
    chosen.points = points
    return chosen
  }
}

/// The refusal of an option on how recordings are analysed, where all files have been.
func withoutRecordings(_ option: String) -> String {
  "\(option) says how a recording is analysed, and all files are spectra already; leave it out."
}
