// SPDX-License-Identifier: GPL-2.0-or-later

import Foundation
import Testing

/// Figures as PNG and PDF, drawn by cairo.
@Suite struct ImageTests {
  private let page: UInt32 = 0xffffff
  private let curve: UInt32 = 0x0b62c4
  private let violation: UInt32 = 0xb3261e
  private let bach = Program.fixture("bach.wav")

  @Test func pixelsShowTheFigure() throws {
    try withFolder { folder in
      let result = try Program.run(
        [
          bach, "--parts", "8", "--size", "1000x700", "--out", "x.PNG", "--report", "none",
        ], in: folder)
      #expect(result.status == 0 && result.error.isEmpty)
      let image = try #require(Image(folder.appending(path: "x.PNG")))
      #expect(image.width == 2000 && image.height == 1400)
      #expect(image.colour(0, 0) == page && image.colour(1999, 1399) == page)
      #expect(image.count(curve) > 10000)
      // The limit of decimation, a dashed line.
      #expect(image.count(violation) > 500)
    }
  }

  @Test func pagesHaveTextAndNoDate() throws {
    try withFolder { folder in
      let result = try Program.run(
        [bach, "--size", "1200x640", "--out", "x.pdf", "--report", "none"], in: folder)
      #expect(result.status == 0 && result.error.isEmpty)
      let page = try Data(contentsOf: folder.appending(path: "x.pdf"))
      #expect(page.starts(with: Data("%PDF-1.".utf8)))
      #expect(page.range(of: Data("/Title (Spectrum of bach.wav)".utf8)) != nil)
      #expect(page.range(of: Data("/MediaBox [ 0 0 900 480 ]".utf8)) != nil)
      #expect(page.range(of: Data("/FontDescriptor".utf8)) != nil)
      #expect(page.range(of: Data("CreationDate".utf8)) == nil)
    }
  }

  @Test func anyNumberOfWorkersDrawsTheSameBytes() throws {
    try withFolder { folder in
      let images = try ["1", "3"].map { workers in
        let result = try Program.run(
          [bach, "--workers", workers, "--out", "x.png", "--out", "x.pdf"], in: folder)
        #expect(result.status == 0)
        return try ["x.png", "x.pdf"].map { try Data(contentsOf: folder.appending(path: $0)) }
      }
      #expect(images[0] == images[1])
    }
  }

  @Test func stdoutGetsAnImage() throws {
    try withFolder { folder in
      let file = folder.appending(path: "x.png")
      try Data().write(to: file)
      let result = try Program.run(
        [bach, "--out", "-", "--format", "png"], in: folder,
        output: try FileHandle(forWritingTo: file))
      #expect(result.status == 0 && result.error.isEmpty)
      #expect(Image(file)?.width == 2400)
    }
  }

  @Test func comparisonsAreDrawn() throws {
    try withFolder { folder in
      let (noise, other) = (
        Program.fixture("noise-8bit.wav"), Program.fixture("noise-16bit.wav")
      )
      for (reference, status, hasViolations) in [(other, 1, true), (noise, 0, false)] {
        let result = try Program.run(
          [
            "compare", noise, reference, "--size", "1200x690", "--out", "d.png", "--report", "none",
          ], in: folder)
        #expect(result.status == status && result.error.isEmpty)
        let image = try #require(Image(folder.appending(path: "d.png")))
        #expect(image.width == 2400 && image.height == 1380)
        #expect(image.count(curve) > 5000)
        #expect((image.count(violation) > 50) == hasViolations)
      }
      let result = try Program.run(
        ["compare", noise, other, "--size", "1200x690", "--out", "d.pdf", "--report", "none"],
        in: folder)
      #expect(result.status == 1)
      let page = try Data(contentsOf: folder.appending(path: "d.pdf"))
      #expect(page.range(of: Data("/MediaBox [ 0 0 900 517.5 ]".utf8)) != nil)
    }
  }

  /// Workers draw their own figures; the coordinator draws those of large files, and forks in
  /// between.
  @Test func batchesDrawSmallAndLargeFiles() throws {
    try withFolder { folder in
      let input = folder.appending(path: "in")
      try FileManager.default.createDirectory(at: input, withIntermediateDirectories: true)
      for (name, count) in [("a", 9000), ("b", 8000), ("c", 1_100_000), ("d", 1_100_000)] {
        let samples = (0..<count).map { Int16(truncatingIfNeeded: 7919 &* $0 &* $0) / 2 }
        try wav(pcm16(samples)).write(to: input.appending(path: "\(name).wav"))
      }
      let folders = try ["1", "3"].map { workers in
        let result = try Program.run(
          [
            "batch", "in", "--out-dir", workers, "--format", "png,pdf", "--workers", workers,
            "--no-timings", "--size", "1200x640",
          ], in: folder)
        #expect(result.status == 0 && result.error.isEmpty)
        let output = folder.appending(path: workers)
        #expect(Image(output.appending(path: "d.png"))?.height == 1280)
        return try contents(output).map { name in
          (name, try Data(contentsOf: output.appending(path: name)))
        }
      }
      #expect(folders[0].count == 9)
      #expect(folders[0].elementsEqual(folders[1]) { $0 == $1 })
    }
  }

  @Test func withoutTheLibraryNothingIsDone() throws {
    try withFolder { folder in
      // The loader uses the first file that it finds, and this one is not a library.
      try Data("text".utf8).write(to: folder.appending(path: "libcairo.so.2"))
      let environment = ["LD_LIBRARY_PATH": folder.path]
      for arguments in [
        [bach, "--out", "x.csv", "--out", "x.png"],
        ["compare", bach, bach, "--out", "x.pdf"],
        ["batch", bach, "--out-dir", "out", "--format", "csv,png"],
      ] {
        let result = try Program.run(arguments, in: folder, environment: environment)
        #expect(result.status == 73)
        #expect(result.error.contains("install it (Debian's package libcairo2), or write .svg"))
        #expect(result.error.split(separator: "\n").count == 1)
        #expect(try contents(folder) == ["libcairo.so.2"])
      }
      let result = try Program.run([bach, "--out", "x.svg"], in: folder, environment: environment)
      #expect(result.status == 0)
    }
  }

  @Test func withoutFontsThereIsNoImage() throws {
    try withFolder { folder in
      try Data("<fontconfig></fontconfig>".utf8).write(to: folder.appending(path: "fonts.conf"))
      let result = try Program.run(
        [bach, "--out", "x.png"], in: folder,
        environment: ["FONTCONFIG_FILE": folder.appending(path: "fonts.conf").path])
      #expect(result.status == 74)
      #expect(result.error.contains("could not write x.png: no font can be found"))
      #expect(try contents(folder) == ["fonts.conf"])
    }
  }

  @Test func aFullDiskLeavesNoImage() throws {
    try withFolder { folder in
      let result = try Program.run(
        after: "ulimit -f 200; trap '' XFSZ;",
        [
          Program.fixture("noise-8bit.wav"), "--parts", "8", "--band", "full", "--out", "x.png",
        ], in: folder)
      #expect(result.status == 74)
      #expect(result.error.contains("could not write x.png: File too large"))
      #expect(try contents(folder).isEmpty)
    }
  }
}
