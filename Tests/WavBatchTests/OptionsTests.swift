// SPDX-License-Identifier: GPL-2.0-or-later

import Testing
import WavAnalysis
import WavAudio
import WavExport
import WavSpectrum
import WavSystem
import WavTransforms

@testable import WavBatch

/// The words of options differ if, and only if, the outputs differ.
struct OptionsTests {
  /// For each property of a request that decides the bytes of outputs, a change of it.
  private let changes: [String: (inout AnalysisRequest) -> Void] = [
    "method": { $0.method = .decimated(parts: 2) },
    "start": { $0.start = 1.5 },
    "duration": { $0.duration = 2 },
    "band": { $0.band = .full },
    "points": { $0.points = .all },
    "bandScheme": { $0.bandScheme = .octave },
    "reference": { $0.reference = LevelReference(offset: 94, unit: "dB SPL") },
    "weighting": { $0.weighting = .a },
    "spectrogram": { $0.spectrogram = SpectrogramChoice() },
    "values": { $0.values = .complex },
    "page": { $0.page = .standard },
    "window": { $0.method.window = .hann },
    "length": { $0.method.length = .fixed(1000) },
    "precision": { $0.method.precision = .double },
    "peaks": { $0.peaks = 3 },
    "peakDistance": { $0.peakDistance = .hertz(3) },
    "a4": { $0.a4 = 415 },
    "figure": { $0.figure.spacing = .linear },
    "header": { $0.header = .comments },
  ]
  /// Properties that do not change outputs; the channel is listed separately.
  private let others: [String: (inout AnalysisRequest) -> Void] = [
    "path": { $0.path = "b.wav" },
    "descriptor": { $0.descriptor = .standardInput },
    "channel": { $0.channel = .single(1) },
    "workers": { $0.workers = 7 },
    "stallTimeout": { $0.stallTimeout = 5 },
    "timeLimit": { $0.timeLimit = 5 },
    "memory": { $0.memory = .process },
    "keepsEveryBin": { $0.keepsEveryBin = true },
    "sharesPage": { $0.sharesPage = 2 },
    "names": { $0.names = SettingNames { _ in "another" } },
    "memoryLimit": { $0.memoryLimit = 5_000_000 },
    "scratchFolder": { $0.scratchFolder = "/var/tmp" },
  ]

  private let plain = AnalysisRequest(path: "a.wav", method: .exact, workers: 1)

  private func options(_ request: AnalysisRequest) -> OptionsInWords {
    OptionsInWords(request, channel: "mix", formats: [.csv])
  }

  @Test func everyOptionThatDecidesTheBytesIsRecorded() {
    var hashes = [options(plain).hash]
    for (name, change) in changes {
      var request = plain
      change(&request)
      #expect(options(request).text.contains(" \(name)="), "\(name)")
      hashes.append(options(request).hash)
    }
    #expect(Set(hashes).count == hashes.count)
  }

  /// A new property counts as deciding the bytes until it is listed as one that does not.
  @Test func noPropertyIsForgotten() {
    for (label, value) in Mirror(reflecting: plain).children {
      let name = label ?? ""
      guard others[name] == nil else { continue }
      let mirror = Mirror(reflecting: value)
      let isAbsent = mirror.displayStyle == .optional && mirror.children.isEmpty
      #expect(
        options(plain).text.contains(" \(name)=")
          || ((isAbsent || OptionsInWords.silent[name] != nil) && changes[name] != nil),
        "a change of \(name) would go unnoticed by --resume")
    }
  }

  @Test func optionsWithoutInfluenceAreNotRecorded() {
    for (name, change) in others {
      var request = plain
      change(&request)
      #expect(options(request) == options(plain), "\(name)")
    }
  }

  @Test func valuesAreTold() {
    func texts(_ values: [(inout AnalysisRequest) -> Void]) -> Set<String> {
      Set(
        values.map { change in
          var request = plain
          change(&request)
          return options(request).text
        })
    }
    #expect(
      texts([
        { $0.method = .decimated(parts: 1) }, { $0.method = .decimated(parts: 2) },
        { $0.method = .exact }, { $0.points = .bands(1) }, { $0.points = .bands(2) },
        { $0.band = .between(low: 1, high: 2) }, { $0.band = .between(low: 1, high: 3) },
        { $0.method.length = .exact }, { $0.method.length = .fast },
        { $0.method.length = .fixed(1) },
        { $0.method.precision = .single }, { $0.start = 0 }, { $0.duration = 0 },
      ]).count == 13)
  }

  /// The options of a batch that decide the contents of the folder.
  @Test func theBatchHasOptionsOfItsOwn() {
    let batch = BatchRequest(inputs: [], outputFolder: "out", analysis: plain)
    var hashes: [String] = []
    let changes: [(inout BatchRequest) -> Void] = [
      { _ in }, { $0.channels = .each }, { $0.analysis.channel = .single(0) },
      { $0.analysis.channel = .single(1) }, { $0.formats = [.csv] }, { $0.formats = [.csv, .npy] },
      { $0.analysis.method.window = .hann },
      { $0.summaryBands = [SummaryBand("63")].compactMap { $0 } },
      { $0.summaryBands = [SummaryBand("125")].compactMap { $0 } },
    ]
    for change in changes {
      var request = batch
      change(&request)
      hashes.append(request.options.hash)
    }
    #expect(Set(hashes).count == changes.count)
    let known = [
      "inputs", "outputFolder", "analysis", "channels", "formats", "summaryFormat", "shard",
      "isResuming", "isForcing", "stopsAtFailure", "retries", "memoryLimit", "recordsSeconds",
      "summaryBands",
    ]
    for (label, _) in Mirror(reflecting: batch).children {
      #expect(known.contains(label ?? ""), "does \(label ?? "") decide the bytes of the outputs?")
    }
  }

  @Test func bandsAreReadBack() {
    let bands = ["63", "250:500"].compactMap { SummaryBand($0) }
    let options = OptionsInWords(plain, channel: "mix", formats: [.csv], bands: bands)
    #expect(OptionsInWords.bands(in: options.text) == ["63", "250:500"])
    #expect(OptionsInWords.bands(in: self.options(plain).text).isEmpty)
    var named = plain
    named.reference = LevelReference(offset: 94, unit: "x bands=1,2")
    #expect(OptionsInWords.bands(in: self.options(named).text).isEmpty)
    let both = OptionsInWords(named, channel: "mix", formats: [.csv], bands: bands)
    #expect(OptionsInWords.bands(in: both.text) == ["63", "250:500"])
  }

  @Test(arguments: FigureTheme.allCases)
  func coloursAreReadBack(theme: FigureTheme) {
    var request = plain
    request.figure.theme = theme
    request.figure.title = "x figure=a/b/c/d/dark"
    for unit in [nil, "x figure=a/b/c/d/dark", "reference=1"] {
      request.reference = unit.map { LevelReference(offset: 94, unit: $0) }
      #expect(OptionsInWords.theme(in: options(request).text) == theme, "\(unit ?? "")")
    }
    var named = plain
    named.reference = LevelReference(offset: 94, unit: "dB figure=a/b/c/d/dark")
    #expect(OptionsInWords.theme(in: options(named).text) == .auto)
  }

  /// The hashes of the empty text and of "a", from the definition of FNV-1a.
  @Test func theHashIsFNV() {
    #expect(OptionsInWords.hash("") == "cbf29ce484222325")
    #expect(OptionsInWords.hash("a") == "af63dc4c8601ec8c")
  }
}
