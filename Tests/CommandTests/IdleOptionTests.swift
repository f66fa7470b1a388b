// SPDX-License-Identifier: GPL-2.0-or-later

import Foundation
import Testing

/// Options that would do nothing are refused, and none that does something.
@Suite struct IdleOptionTests {
  private let sine = Program.fixture("sine-on-bin.wav")
  private let noise = Program.fixture("noise-16bit.wav")

  /// A folder with `a.wav`, `b.wav`, and their spectra `a.csv` and `b.csv`.
  private func withFiles(_ body: (URL) throws -> Void) throws {
    try withFolder { folder in
      for (name, file) in [("a", sine), ("b", noise)] {
        try FileManager.default.copyItem(
          atPath: file, toPath: folder.appending(path: "\(name).wav").path)
        let made = try Program.run(["\(name).wav", "--out", "\(name).csv"], in: folder)
        try #require(made.status == 0)
      }
      try body(folder)
    }
  }

  private static let refusals: [(arguments: String, sentence: String)] = [
    ("a.wav --title x", "--title is for figures and pages; write .svg, .png, .pdf or .html"),
    ("a.wav --theme dark --out x.csv", "--theme is for figures and pages"),
    ("a.wav --size 900x600 --out x.html", "--size is for figures; write .svg, .png or .pdf"),
    ("a.wav --axis linear --plot never", "--axis is for figures and pages"),
    ("a.wav --scale linear --report json --out x.npy", "--scale is for figures and pages"),
    ("a.wav --level-range -90:0 --out - --format csv", "--level-range is for figures and pages"),
    ("a.wav --method spectrogram --scale linear --out x.svg", "--scale is that of curves"),
    ("a.wav --report json --plot always", "--plot always is for the text report"),
    ("a.wav --report none --timings --out x.csv", "--timings is for reports"),
    ("batch a.wav --out-dir o --format csv --theme dark", "--theme is for figures and pages"),
    ("batch a.wav --out-dir o --format csv --axis linear", "--axis is for figures and pages"),
    ("batch a.wav --out-dir o --format html --size 900x600", "--size is for figures;"),
    ("batch a.wav --out-dir o --format csv --reference 94:dB", "--reference is for figures"),
    ("overlay a.wav b.wav --peaks 5 --out x.svg", "--peaks is for pages; write .html"),
    ("overlay a.wav b.wav --peak-distance 5Hz", "--peak-distance is for pages"),
    ("overlay a.wav b.wav --a4 415 --out x.csv", "--a4 is for figures and pages"),
    ("overlay a.wav b.wav --reference 94:dB", "--reference is for figures and pages"),
    ("overlay a.wav b.wav --axis linear --out x.json", "--axis is for figures and pages"),
    ("overlay a.wav b.wav --page-size 1M --out x.svg", "--page-size is for pages"),
    ("overlay a.csv b.csv --method welch --out x.svg", "--method says how a recording is analysed"),
    ("overlay a.csv b.csv --window hann", "all files are spectra already; leave it out"),
    ("overlay a.csv b.csv --peaks 5 --out x.html", "--peaks says how"),
    ("compare a.csv b.csv --window hann", "--window says how"),
    ("compare a.csv b.csv --length 1000", "--length says how"),
    ("compare a.csv b.csv --band 50:100", "--band says how"),
    ("compare a.csv m.npy --rate 48000 --length 1000 --channel left", "--channel says how"),
    ("compare a.csv b.csv --rate 48000 --length 1000 --band 50:100", "--rate is that of a plain"),
    ("compare a.wav b.csv --rate 48000 --length 1000", "no file is one; leave it out"),
    ("a.wav --report none --out x.csv --a4 432", "--a4 is for reports, figures and pages"),
    ("a.wav --out - --format csv --reference 94:dB", "--reference is for reports, figures"),
    ("a.wav --report none --out x.npy --header sidecar --a4 432", "--a4 is for reports, figures"),
    ("compare a.wav b.csv --title x", "--title is for figures and pages; write"),
    ("compare a.wav b.csv --size 900x600 --out x.html", "--size is for figures;"),
    ("compare a.wav b.csv --a4 415 --report none", "--a4 is for figures and pages"),
    ("compare a.wav b.csv --update --a4 415", "and --update writes none; leave it out"),
    ("compare a.wav b.csv --peaks 5", "Unknown option '--peaks'. It goes with wavfft,"),
    ("compare a.wav b.csv --update --theme dark", "and --update writes none; leave it out"),
    ("compare --batch . . --theme dark", "and --batch writes none; leave it out"),
  ]

  @Test func idleOptionsAreRefused() throws {
    try withFiles { folder in
      let before = try FileManager.default.contentsOfDirectory(atPath: folder.path)
      for (arguments, sentence) in Self.refusals {
        let result = try Program.run(arguments.split(separator: " ").map(String.init), in: folder)
        #expect(
          result.status == 64 && result.error.contains(sentence), "\(arguments): \(result.error)")
      }
      #expect(
        try FileManager.default.contentsOfDirectory(atPath: folder.path).count == before.count)
    }
  }

  /// Where the folders of a comparison have spectra alone.
  @Test func foldersOfSpectraAreNotAnalysed() throws {
    try withFiles { folder in
      try FileManager.default.createDirectory(
        at: folder.appending(path: "s"), withIntermediateDirectories: false)
      try FileManager.default.copyItem(
        at: folder.appending(path: "a.csv"), to: folder.appending(path: "s/a.csv"))
      let spectra = try Program.run(
        ["compare", "--batch", "s", "s", "--window", "hann"], in: folder)
      #expect(spectra.status == 64 && spectra.error.contains("--window says how"))
      try FileManager.default.copyItem(
        at: folder.appending(path: "b.wav"), to: folder.appending(path: "s/b.wav"))
      let mixed = try Program.run(
        ["compare", "--batch", "s", "s", "--window", "rectangular"], in: folder)
      #expect(mixed.status == 0, "\(mixed.error)")
    }
  }

  @Test(arguments: [
    // A plot may be on a terminal.
    "a.wav --axis linear", "a.wav --scale linear", "a.wav --level-range -90:0 --plot always",
    "a.wav --theme dark --title x --axis linear --out x.html",
    "a.wav --size 900x600 --theme dark --out x.svg --out x.csv",
    // The rows of tables lie as the axis says.
    "a.wav --method spectrogram --axis linear --out x.csv --report none",
    "a.wav --method spectrogram --level-range -90:0 --out x.html",
    "a.wav --reference 94:dB", "a.wav --peaks 3 --a4 415", "a.wav --report json --timings",
    "batch a.wav --out-dir o --theme dark --axis linear",
    "batch a.wav --out-dir o --format html",
    "batch a.wav --out-dir o --format csv --method spectrogram --axis linear",
    "batch a.wav --out-dir o --format csv,json --reference 94:dB",
    "batch a.wav --out-dir o --format csv --header comments --reference 94:dB",
    "batch a.wav --out-dir o --format npy --header sidecar --reference 94:dB",
    "a.wav --report none --out x.csv --header comments --reference 94:dB",
    "a.wav --report none --out x.csv --bands octave --a4 432",
    "a.wav --report none --out x.json --a4 432 --reference 94:dB",
    "overlay a.wav b.wav --peaks 5 --peak-distance 5Hz --a4 415 --out x.html",
    "overlay a.wav b.csv --window hann --out x.svg", "overlay a.csv b.csv --band 50:5000",
    "overlay a.csv b.csv --points 100 --a4 415 --theme dark --out x.svg --memory 1G --workers 2",
    "compare a.wav a.csv --window rectangular --title x --out x.svg",
    "compare a.csv a.csv --a4 415 --axis linear --out x.html --workers 2",
    "compare a.csv a.csv --a4 415", "compare a.csv a.csv --a4 415 --report none --junit x.xml",
  ])
  func usefulOptionsAreTaken(arguments: String) throws {
    try withFiles { folder in
      let words = arguments.split(separator: " ").map(String.init)
      let result = try Program.run(words, in: folder)
      #expect(result.status == 0, "\(arguments): \(result.error)")
    }
  }
}
