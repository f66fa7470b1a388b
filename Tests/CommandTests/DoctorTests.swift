// SPDX-License-Identifier: GPL-2.0-or-later

import Foundation
import Testing

/// `wavfft doctor`: what it finds here, and where something is made to fail.
struct DoctorTests {
  private struct Document: Decodable {
    struct Finding: Decodable {
      let name: String
      let state: String
      let text: String
      let remedy: String?
    }

    struct Library: Decodable {
      let name: String
      let version: String?
    }

    let schema: String
    let works: Bool
    let findings: [Finding]
    let libraries: [Library]

    subscript(name: String) -> Finding? { findings.first { $0.name == name } }
  }

  private func document(_ result: Program.Result) throws -> Document {
    #expect(result.error.isEmpty)
    return try JSONDecoder().decode(Document.self, from: Data(result.output.utf8))
  }

  @Test func thisMachineWorks() throws {
    let result = try Program.run(["doctor", "--json"])
    #expect(result.status == 0)
    let found = try document(result)
    #expect(found.schema == "wavfft-doctor/1")
    #expect(found.works)
    #expect(
      found.findings.map(\.name) == [
        "Processors", "Memory", "Shared memory", "Workers", "Scratch disk", "Limits", "Transforms",
        "Images", "Scripts", "Terminal",
      ])
    #expect(found["Workers"]?.state == "ok")
    #expect(found.libraries.map(\.name) == ["FFTW", "libsndfile", "libpng", "cairo", "pango"])
    let text = try Program.run(["doctor"])
    #expect(text.status == 0)
    #expect(
      text.output.contains("\n  ok       Workers        can be started, and their locks survive"))
    #expect(text.output.contains("wavfft can work here"))
    // Every finding that is not ok says what to do.
    for finding in found.findings where finding.state != "ok" { #expect(finding.remedy != nil) }
  }

  @Test func troubleIsFound() throws {
    try withFolder { folder in
      // No kind of shared memory can be had.
      let result = try Program.run(after: "ulimit -f 0;", ["doctor", "--json"], in: folder)
      #expect(result.status == 1)
      let found = try document(result)
      #expect(!found.works)
      #expect(found["Shared memory"]?.state == "trouble")
      #expect(
        found["Shared memory"]?.text.contains("raise the limit on file sizes (ulimit -f)") == true)
      #expect(found["File size"]?.state == "warning")
      let text = try Program.run(after: "ulimit -f 0;", ["doctor"], in: folder)
      #expect(text.output.contains("\n  trouble  Shared memory"))
      #expect(text.output.hasSuffix("wavfft cannot work here before the trouble is mended.\n"))
    }
  }

  @Test func warningsAreFound() throws {
    try withFolder { folder in
      let limited = try document(
        try Program.run(
          after: "ulimit -v 4000000; ulimit -n 40;", ["doctor", "--json"], in: folder))
      #expect(limited["Address space"]?.text == "limited to 4.1 GB")
      #expect(limited["Open files"]?.text == "limited to 40")
      #expect(limited["Limits"] == nil)
      let scratch = try document(
        try Program.run(["doctor", "--json"], environment: ["TMPDIR": "/proc"]))
      #expect(scratch["Scratch disk"]?.state == "warning")
      #expect(
        scratch["Scratch disk"]?.text.contains("set TMPDIR to a folder that you may write to")
          == true)
      #expect(scratch.works)
      try Data("<fontconfig></fontconfig>".utf8).write(to: folder.appending(path: "fonts.conf"))
      let images = try document(
        try Program.run(
          ["doctor", "--json"],
          environment: ["FONTCONFIG_FILE": folder.appending(path: "fonts.conf").path]))
      #expect(images["Images"]?.state == "warning")
      #expect(images["Images"]?.text.contains("no font can be found") == true)
    }
  }

  @Test func affinityIsSeen() throws {
    let found = try document(
      try Program.shell("taskset -c 0 wavfft doctor --json", in: URL(filePath: "/tmp")))
    #expect(found["Processors"]?.text.hasPrefix("1 of ") == true)
  }

  static let canMount =
    (try? Program.shell("unshare -rm mount -t tmpfs none /mnt", in: URL(filePath: "/tmp")))?.status
    == 0

  @Test(.enabled(if: canMount)) func smallSharedMemoryIsSeen() throws {
    let found = try document(
      try Program.shell(
        "unshare -rm sh -c 'mount -t tmpfs -o size=64k none /dev/shm && wavfft doctor --json'",
        in: URL(filePath: "/tmp")))
    #expect(found["Shared memory"]?.state == "warning")
    #expect(found["Shared memory"]?.text.contains("memory files take its place") == true)
    #expect(found.works)
  }

  @Test func charactersOfTheTerminalAreSeen() throws {
    func terminal(_ locale: String) throws -> String {
      try Program.run(onTerminal: 120, ["doctor"], environment: ["LC_ALL": locale]).output
    }
    #expect(
      try terminal("C").contains("warning  Terminal       120 cells wide; the locale is not UTF-8"))
    #expect(try terminal("C.UTF-8").contains("ok       Terminal       120 cells wide, UTF-8\n"))
  }

  @Test func statesHaveColours() throws {
    let text = try Program.run(
      onTerminal: 120, ["doctor"], environment: ["NO_COLOR": "", "TERM": "xterm", "LC_ALL": "C"]
    ).output
    #expect(text.contains("\u{1b}[32mok\u{1b}[0m       Workers"))
    #expect(text.contains("\u{1b}[33mwarning\u{1b}[0m  Terminal"))
  }
}
