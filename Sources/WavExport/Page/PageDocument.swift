// SPDX-License-Identifier: GPL-2.0-or-later

/// A page: one HTML file with everything in it, which needs no network.
///
/// docs/page-format.md defines it. Its content security policy names scripts and style by their digests, so that
/// nothing else runs, whatever a recording is called.
public struct PageDocument {
  /// Everything before the data.
  private let head: [UInt8]
  private let arrays: [PageArray]
  /// Everything after the data.
  private let end: [UInt8]

  /// Bytes of an array in one element; a multiple of three, so that only the last element is padded.
  static let elementByteCount = 6_291_456
  /// Bytes that are encoded at a time: an element is a whole number of them, and they are a multiple of three.
  private static let pieceByteCount = elementByteCount / 32

  private static let dataStart = "<script type=\"text/plain\" class=\"data\">"
  private static let scriptStart = "<script>"
  private static let scriptEnd = "</script>"

  /// A page of a description and the arrays that it refers to by their places.
  ///
  /// - Throws: What encoding the description throws.
  public init(_ description: PageDescription, _ arrays: [PageArray]) throws {
    var description = description
    description.arrays = Self.entries(arrays)
    self.init(.figure, title: description.title, json: try pageJSON(description), arrays)
  }

  /// An index page of a description and the arrays that it refers to by their places.
  init(_ description: IndexDescription, _ arrays: [PageArray]) throws {
    var description = description
    description.arrays = Self.entries(arrays)
    self.init(.index, title: description.title, json: try pageJSON(description), arrays)
  }

  private init(
    _ application: PageApplication, title: String, json: [UInt8], _ arrays: [PageArray]
  ) {
    head = Self.opening(application, title: title, json: json)
    end = Self.closing(application)
    self.arrays = arrays
  }

  private static func entries(_ arrays: [PageArray]) -> [PageDescription.ArrayEntry] {
    arrays.map { PageDescription.ArrayEntry(type: $0.kind, count: $0.count) }
  }

  private static func opening(
    _ application: PageApplication, title: String, json: [UInt8]
  ) -> [UInt8] {
    let policy =
      "default-src 'none'; script-src \(PageAsset.decoder.source) \(application.script.source); "
      + "style-src \(application.style.source); img-src data: blob:; base-uri 'none'; form-action 'none'"
    let start = """
      <!doctype html>
      <html lang="en"><head><meta charset="utf-8">
      <meta http-equiv="Content-Security-Policy" content="\(policy)">
      <meta name="viewport" content="width=device-width, initial-scale=1">
      <title>\(xmlEscaped(printable(title)))</title>
      <style>
      """
    return start.utf8 + application.style.bytes + "</style></head><body>\n".utf8
      + application.frame.bytes + "\n<script type=\"application/json\" id=\"description\">".utf8
      + json + "\(scriptEnd)\n".utf8
  }

  /// Everything after the data.
  private static func closing(_ application: PageApplication) -> [UInt8] {
    scriptStart.utf8 + application.script.bytes + "\(scriptEnd)</body></html>\n".utf8
  }

  /// Size in bytes of the page of a figure with an empty description and no data.
  public static let emptyByteCount =
    opening(.figure, title: "", json: []).count + closing(.figure).count

  /// Size in bytes.
  public var byteCount: Int {
    arrays.reduce(head.count + end.count) { $0 + Self.byteCount(ofArray: $1.byteCount) }
  }

  /// Size in the page of an array of some bytes.
  public static func byteCount(ofArray byteCount: Int) -> Int {
    let elements = (byteCount + elementByteCount - 1) / elementByteCount
    return elements * (dataStart.utf8.count + betweenByteCount) + Base64.length(of: byteCount)
  }

  /// Size of what follows the data of an element.
  private static let betweenByteCount = between.count
  private static let between: [UInt8] =
    "\(scriptEnd)\(scriptStart)".utf8 + PageAsset.decoder.bytes + "\(scriptEnd)\n".utf8

  /// Passes all bytes on, in pieces.
  ///
  /// - Throws: What the arrays and `take` throw.
  public func write(_ take: (RawSpan) throws -> Void) throws {
    try take(head.span.bytes)
    let text = UnsafeMutableRawBufferPointer.allocate(
      byteCount: Base64.length(of: Self.pieceByteCount), alignment: 16)
    let piece = UnsafeMutableRawBufferPointer.allocate(
      byteCount: Self.pieceByteCount, alignment: 16)
    defer {
      text.deallocate()
      piece.deallocate()
    }
    for array in arrays where array.count > 0 {
      var filled = 0
      var done = 0
      func flush() throws {
        if done % Self.elementByteCount == 0 { try take(Array(Self.dataStart.utf8).span.bytes) }
        Base64.encode(UnsafeRawBufferPointer(rebasing: piece[..<filled]), to: text)
        try take(
          UnsafeRawBufferPointer(rebasing: text[..<Base64.length(of: filled)]).bytes)
        done += filled
        filled = 0
        guard done % Self.elementByteCount == 0 || done == array.byteCount else { return }
        try take(Self.between.span.bytes)
      }
      try array.pieces { bytes in
        var rest = bytes[...]
        while !rest.isEmpty {
          let count = min(rest.count, piece.count - filled)
          UnsafeMutableRawBufferPointer(rebasing: piece[filled..<filled + count])
            .copyMemory(from: UnsafeRawBufferPointer(rebasing: rest.prefix(count)))
          rest = rest.dropFirst(count)
          filled += count
          if filled == piece.count { try flush() }
        }
      }
      if filled > 0 { try flush() }
      precondition(done == array.byteCount, "an array has as many numbers as it says")
    }
    try take(end.span.bytes)
  }
}

private func + (first: some Sequence<UInt8>, second: some Sequence<UInt8>) -> [UInt8] {
  var sum = Array(first)
  sum.append(contentsOf: second)
  return sum
}
