// SPDX-License-Identifier: GPL-2.0-or-later

import Foundation
import Testing

/// `--values complex`: X[k] itself, against NumPy (fixtures/make_fixtures.py) and in every format.
@Suite struct ComplexTests {
  /// A recording, how it is analysed, and the reference, which has every so many bins.
  struct Job: CustomTestStringConvertible, Sendable {
    let recording: String
    let reference: String
    var step = 1
    var options: [String] = []
    var testDescription: String { "\(recording), \(reference), \(options)" }
  }

  static let jobs = [
    Job(recording: "noise-16bit.wav", reference: "noise-16bit"),
    Job(recording: "noise-16bit.flac", reference: "noise-16bit"),
    Job(recording: "prime-length.wav", reference: "prime-length"),
    Job(recording: "bach.wav", reference: "bach", step: 256),
    Job(
      recording: "bach.wav", reference: "bach-prime", step: 256, options: ["--length", "1113667"]),
    Job(
      recording: "bach.wav", reference: "bach-part", step: 16,
      options: ["--channel", "left", "--start", "1", "--duration", "1"]),
  ]

  @Test(arguments: jobs, ["single", "double"])
  func binsAreThoseOfNumPy(job: Job, precision: String) throws {
    let path = Program.fixture("reference/\(job.reference).complex.npy")
    let expected = try ComplexArray(URL(filePath: path)).numbers
    try withFolder { folder in
      let result = try Program.run(
        [
          Program.fixture(job.recording), "--points", "all", "--band", "full", "--values",
          "complex",
        ]
          + ["--precision", precision, "--out", "x.npy"] + job.options, in: folder)
      #expect(result.status == 0, "\(result.error)")
      let array = try ComplexArray(folder.appending(path: "x.npy"))
      #expect(array.type == (precision == "single" ? "<c8" : "<c16"))
      let found = stride(from: 0, to: array.numbers.count, by: job.step).map { array.numbers[$0] }
      try #require(found.count == expected.count)
      #expect(distance(found, expected) <= (precision == "single" ? 1e-6 : 1e-13))
    }
  }

  /// The same numbers as a table, as rows of a document, and through a pipe, in a band that does not begin at DC.
  @Test(arguments: ["single", "double"]) func everyFormatHasTheSameNumbers(
    precision: String
  ) throws {
    try withFolder { folder in
      let options =
        [Program.fixture("noise-16bit.wav"), "--points", "all", "--band", "100:5000"]
        + ["--precision", precision]
      let result = try Program.run(
        options + ["--values", "complex", "--out", "x.npy", "--out", "x.csv", "--out", "x.json"],
        in: folder)
      #expect(result.status == 0, "\(result.error)")
      let plain = try Program.run(
        options + ["--values", "magnitude", "--out", "m.csv"], in: folder)
      #expect(plain.status == 0)
      func withoutMemory(_ report: String) -> String { report.replacing(/Memory.*/, with: "") }
      #expect(withoutMemory(plain.output) == withoutMemory(result.output))
      let magnitudes = try table(folder.appending(path: "m.csv")).rows
      let numbers = try ComplexArray(folder.appending(path: "x.npy")).numbers
      // Bins 11025 / 3000 Hz apart, from 102.9 Hz to 4998 Hz.
      try #require(numbers.count == 1333 && magnitudes.count == 1333)
      let rows = try table(folder.appending(path: "x.csv"))
      #expect(rows.header == "frequency_hz,real,imag")
      let document = try #require(
        JSONSerialization.jsonObject(with: Data(contentsOf: folder.appending(path: "x.json")))
          as? [String: Any])
      let objects = try #require(document["spectrum"] as? [[String: Double]])
      try #require(rows.rows.count == numbers.count && objects.count == numbers.count)
      let greatest = magnitudes.map { $0[1] }.max() ?? 0
      // One expectation for each column, not for each row.
      var (equal, worst) = ([0, 0, 0], 0.0)
      for (index, number) in numbers.enumerated() {
        let (row, object) = (rows.rows[index], objects[index])
        equal[0] += row[0] == magnitudes[index][0] && row[0] == object["frequency_hz"] ? 1 : 0
        // Text has the digits of the precision; Foundation does not read the last one exactly.
        let text = SIMD2(row[1], row[2])
        equal[1] += (precision == "single" ? rounded(text) : text) == number ? 1 : 0
        let document = SIMD2(object["real"] ?? .nan, object["imag"] ?? .nan)
        equal[2] += distance([document], [text]) < 1e-14 ? 1 : 0
        worst = max(worst, abs(hypot(number.x, number.y) - magnitudes[index][1]))
      }
      #expect(equal == [1333, 1333, 1333])
      #expect(worst <= (precision == "single" ? 1e-6 : 1e-14) * greatest)
      let file = folder.appending(path: "pipe.npy")
      try Data().write(to: file)
      let piped = try Program.run(
        options + ["--values", "complex", "--out", "-", "--format", "npy"], in: folder,
        output: try FileHandle(forWritingTo: file))
      #expect(piped.status == 0)
      #expect(
        try Data(contentsOf: file) == Data(contentsOf: folder.appending(path: "x.npy")))
    }
  }

  @Test func whatIsNotComplexIsRefused() throws {
    let wav = Program.fixture("noise-16bit.wav")
    try withFolder { folder in
      for (arguments, sentence) in [
        ([wav, "--values", "complex"], "add --points all"),
        ([wav, "--values", "complex", "--points", "100"], "add --points all"),
        (
          [wav, "--values", "complex", "--points", "all", "--parts", "2"],
          "--parts 2 adds magnitudes; leave one of them out"
        ),
        (["batch", wav, "--out-dir", "o", "--values", "complex"], "add --points all"),
        (
          ["compare", wav, wav, "--values", "complex", "--points", "all"],
          "Unknown option '--values'. It goes with wavfft or wavfft batch."
        ),
        ([wav, "--values", "phase"], "Choose magnitude or complex"),
      ] {
        let result = try Program.run(arguments, in: folder)
        #expect(result.status == 64, "\(arguments)")
        #expect(result.error.contains(sentence), "\(result.error)")
        #expect(result.error.split(separator: "\n").count == 1)
      }
      #expect(try contents(folder).isEmpty)
      // One part is the exact method.
      let one = try Program.run(
        [wav, "--values", "complex", "--points", "all", "--parts", "1", "--out", "x.npy"],
        in: folder)
      #expect(one.status == 0, "\(one.error)")
    }
  }

  /// A batch that is resumed with other values does all files again, and none with the same.
  @Test func aResumedBatchNoticesTheValues() throws {
    try withFolder { folder in
      func batch(_ values: [String]) throws -> Data {
        let result = try Program.run(
          ["batch", Program.fixture("noise-16bit.wav"), "--out-dir", "o", "--format", "npy"]
            + ["--points", "all", "--resume", "--report", "none"] + values, in: folder)
        #expect(result.status == 0, "\(result.error)")
        return try Data(contentsOf: folder.appending(path: "o/noise-16bit.npy"))
      }
      func summary() throws -> String {
        try String(contentsOf: folder.appending(path: "o/summary.csv"), encoding: .utf8)
      }
      let magnitudes = try batch([])
      #expect(try !summary().contains("values="))
      #expect(try batch(["--values", "magnitude"]) == magnitudes)
      let complex = try batch(["--values", "complex"])
      #expect(complex != magnitudes)
      let array = try ComplexArray(folder.appending(path: "o/noise-16bit.npy"))
      #expect(array.type == "<c8")
      #expect(try batch([]) == magnitudes)
    }
  }

  /// A reference of complex bins is as good as one of magnitudes if it is an array; as text it is refused.
  @Test(arguments: ["single", "double"]) func arraysAreComparedByTheirMagnitudes(
    precision: String
  ) throws {
    let wav = Program.fixture("noise-16bit.wav")
    try withFolder { folder in
      let result = try Program.run(
        [wav, "--points", "all", "--band", "full", "--values", "complex", "--out", "x.npy"]
          + ["--out", "x.csv", "--out", "x.json", "--precision", precision], in: folder)
      #expect(result.status == 0, "\(result.error)")
      let options = ["--rate", "11025", "--length", "3000", "--band", "full"]
      let plain = try Program.run(
        [wav, "--points", "all", "--band", "full", "--out", "m.csv"], in: folder)
      #expect(plain.status == 0)
      let same = try Program.run(["compare", "x.npy", "m.csv"] + options, in: folder)
      #expect(same.status == 0, "\(same.output)\(same.error)")
      let other = try Program.run(
        [wav, "--points", "all", "--band", "full", "--channel", "left", "--out", "left.csv"],
        in: folder)
      #expect(other.status == 0)
      let different = try Program.run(["compare", "x.npy", "left.csv"] + options, in: folder)
      #expect(different.status == 1, "\(different.error)")
      for name in ["x.csv", "x.json"] {
        let refused = try Program.run(["compare", name, "m.csv"], in: folder)
        #expect(refused.status == 65)
        #expect(
          refused.error.contains(
            "\(name) holds complex numbers, and spectra are compared by magnitudes; make it again "
              + "without --values complex"), "\(refused.error)")
      }
    }
  }
}

/// A plain NumPy array of complex numbers.
struct ComplexArray {
  /// The type of its elements, such as `<c8`.
  let type: String
  /// Real and imaginary parts.
  let numbers: [SIMD2<Double>]

  /// Reads a file.
  init(_ file: URL) throws {
    let data = try Data(contentsOf: file)
    let start = 10 + Int(data[8]) + 256 * Int(data[9])
    let header = String(decoding: data[10..<start], as: UTF8.self)
    let found = try #require(
      header.firstMatch(
        of: /\{'descr': '([^']+)', 'fortran_order': False, 'shape': \((\d+),\), \} *\n/),
      "\(header)")
    type = String(found.1)
    let isSingle = type == "<c8"
    let bytes = isSingle ? 8 : 16
    try #require(Int(found.2) == (data.count - start) / bytes)
    numbers = data[start...].withUnsafeBytes { memory in
      (0..<memory.count / bytes).map {
        isSingle
          ? SIMD2<Double>(
            memory.loadUnaligned(fromByteOffset: bytes * $0, as: SIMD2<Float>.self))
          : memory.loadUnaligned(fromByteOffset: bytes * $0, as: SIMD2<Double>.self)
      }
    }
  }
}

/// The greatest distance in the complex plane, relative to the greatest magnitude.
func distance(_ found: [SIMD2<Double>], _ expected: [SIMD2<Double>]) -> Double {
  var (worst, greatest) = (0.0, 0.0)
  for (one, other) in zip(found, expected) {
    worst = max(worst, hypot(one.x - other.x, one.y - other.y))
    greatest = max(greatest, hypot(other.x, other.y))
  }
  return worst / greatest
}

private func rounded(_ number: SIMD2<Double>) -> SIMD2<Double> {
  SIMD2<Double>(SIMD2<Float>(number))
}
