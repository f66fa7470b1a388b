// SPDX-License-Identifier: GPL-2.0-or-later

import Foundation
import TestSupport
import Testing

@testable import WavExport

/// Pages as files: their digests, their escaping and their elements.
@Suite struct PageTests {
  private func digest(_ bytes: [UInt8]) -> String {
    bytes.withUnsafeBytes { SHA256.digest(of: $0) }.map {
      let digits = String($0, radix: 16)
      return digits.count == 1 ? "0" + digits : digits
    }.joined()
  }

  /// The examples of FIPS 180 (NIST, "Secure Hash Standard: example algorithms").
  @Test func digestsAreThoseOfTheStandard() {
    #expect(
      digest(Array("abc".utf8))
        == "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad")
    #expect(
      digest([]) == "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855")
    #expect(
      digest(Array("abcdbcdecdefdefgefghfghighijhijkijkljklmklmnlmnomnopnopq".utf8))
        == "248d6a61d20638b8e5c026930c3e6039a33ce45964ff2167f6ecedd419db06c1")
    #expect(
      digest([UInt8](repeating: UInt8(ascii: "a"), count: 1_000_000))
        == "cdc76e5c9914fb9281a1c7e284d73e67f1809a48a497200e046d39ccc7112cd0")
  }

  @Test func base64IsThatOfFoundation() {
    for count in [0, 1, 2, 3, 4, 5, 6, 100, 255, 3000] {
      let bytes = (0..<count).map { UInt8(truncatingIfNeeded: $0 * $0 * 7 + $0 / 3) }
      #expect(Base64.text(of: bytes) == Data(bytes).base64EncodedString())
      #expect(Base64.length(of: count) == Data(bytes).base64EncodedString().utf8.count)
    }
  }

  @Test func levelsAreRoundedToHundredths() {
    let levels: [Float] = [
      -.infinity, 0, -0.004, -0.006, 12.344, -120.127, -327.66, -327.68, -500, 400, .infinity,
      0.015,
    ]
    let expected: [Int16] = [
      .min, 0, 0, -1, 1234, -12013, -32766, -32767, -32767, 32767, 32767, 2,
    ]
    var codes = [Int16](repeating: 0, count: levels.count)
    levels.withUnsafeBufferPointer { levels in
      codes.withUnsafeMutableBufferPointer { PageLevel.encode(levels, to: $0.baseAddress!) }
    }
    for (code, value) in zip(codes, zip(levels, expected)) {
      // 0.015 has no exact number.
      #expect(abs(Int(code) - Int(value.1)) <= (value.0 == 0.015 ? 1 : 0), "\(value.0)")
      #expect(
        abs(Int(PageLevel.code(Double(value.0))) - Int(value.1)) <= (value.0 == 0.015 ? 1 : 0))
    }
    #expect(PageLevel.code(.nan) == .min)
  }

  private func description(_ title: String) -> PageDescription {
    PageDescription(
      .lines,
      FigureText(
        title: title, subtitle: title, description: title, emptiness: title, remarks: [title]),
      band: PageDescription.Band(lowHz: 20, highHz: 20000), program: "test")
  }

  private func page(_ title: String, _ arrays: [PageArray], in folder: URL) throws -> PageFile {
    let document = try PageDocument(description(title), arrays)
    var bytes = Data()
    try document.write { span in span.withUnsafeBytes { bytes.append(contentsOf: $0) } }
    #expect(bytes.count == document.byteCount)
    let file = folder.appending(path: "x.html")
    try bytes.write(to: file)
    return try PageFile(file)
  }

  @Test(arguments: [
    "</script><script>alert(1)</script>", "<!--<script>", "\"'&amp;<b>", "]]></title><img src=x>",
    "<\u{338}/script>", "a\u{2028}b\u{2029}c\u{7}d\u{0}e\u{9b}f\u{202e}g", "\u{ef80}\u{efff}",
    "😀 ü",
  ])
  func namesStayText(name: String) throws {
    try withFolder { folder in
      let page = try page(name, [PageArray([Int16](repeating: -5, count: 3))], in: folder)
      #expect(page.scripts.count == 2 && page.styles.count == 1 && page.arrays.count == 1)
      #expect(page.json.firstIndex(of: UInt8(ascii: "<")) == nil)
      for member in ["title", "subtitle", "text", "emptiness"] {
        #expect(page.description[member] as? String == printable(name))
      }
      #expect(!page.title.contains("<") && !page.title.unicodeScalars.contains { $0.value < 0x20 })
      for scalar in ["\u{2028}", "\u{2029}", "\u{202e}", "\u{9b}"] {
        #expect(page.json.range(of: Data(scalar.utf8)) == nil)
      }
    }
  }

  /// Each array begins with a new element; elements have 6,291,456 bytes.
  @Test func arraysAreSplitIntoElements() throws {
    try withFolder { folder in
      let size = PageDocument.elementByteCount
      #expect(size == 6_291_456)
      // In uneven pieces, one of them longer than an element.
      let numbers = (0..<size).map { Int16(truncatingIfNeeded: $0 &* 7919) }
      let long = PageArray(.int16, count: numbers.count) { take in
        try numbers.withUnsafeBytes { bytes in
          let cuts = [0, 1, 4, 100_001, size + 100_002, 2 * size]
          for (start, end) in zip(cuts, cuts.dropFirst()) {
            try take(UnsafeRawBufferPointer(rebasing: bytes[start..<end]))
          }
        }
      }
      let page = try page(
        "x",
        [
          PageArray([1.5, -2.25]), PageArray([Int16]()), long,
          PageArray([true, false, true, true]),
        ],
        in: folder)
      #expect(page.elementLengths == [24, 8_388_608, 8_388_608, 8])
      #expect(page.numbers(0) == [1.5, -2.25] && page.arrays[1].isEmpty)
      #expect(page.arrays[2] == numbers.withUnsafeBytes { Data($0) })
      #expect(page.arrays[3] == Data([1, 0, 1, 1]))
      // A decoder behind each element, then the application.
      #expect(page.scripts.count == 5 && Set(page.scripts.dropLast()).count == 1)
    }
  }

  /// The texts in the program are those of the sources, and none of them ends its element.
  @Test func theProgramHasTheAssets() throws {
    let folder = packageRoot.appending(path: "Sources/WavExport/Page/Assets")
    for (asset, name) in [
      (PageAsset.frame, "page.html"), (.style, "page.css"), (.decoder, "decoder.js"),
      (.indexFrame, "index.html"),
    ] {
      #expect(Data(asset.bytes) == (try Data(contentsOf: folder.appending(path: name))), "\(name)")
    }
    let sheets = try ["page.css", "index.css"].map {
      try Data(contentsOf: folder.appending(path: $0))
    }
    #expect(Data(PageAsset.indexStyle.bytes) == sheets[0] + sheets[1])
    for (script, list) in [
      (PageAsset.script, "order.txt"), (.indexScript, "index-order.txt"),
    ] {
      let order = try String(contentsOf: folder.appending(path: list), encoding: .utf8)
      let files = try order.split(separator: "\n").map {
        try String(contentsOf: folder.appending(path: String($0)), encoding: .utf8)
      }
      #expect(
        String(decoding: script.bytes, as: UTF8.self)
          == "(() => {\n\"use strict\";\n\(files.joined(separator: "\n"))})();\n", "\(list)")
    }
    for asset in [PageAsset.style, .script, .decoder, .indexStyle, .indexScript] {
      let text = String(decoding: asset.bytes, as: UTF8.self).lowercased()
      for end in ["</script", "</style", "<!--", "<script", "\r", "\u{0}"] {
        #expect(Data(text.utf8).range(of: Data(end.utf8)) == nil, "\(end)")
      }
    }
  }
}
