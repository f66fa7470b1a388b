// SPDX-License-Identifier: GPL-2.0-or-later

extension ChunkReader {
  /// The least size in bytes that the file must have according to the headers of a RIFF, RF64, W64,
  /// AIFF, AU or CAF file; nil for other formats, and if the header leaves the size open.
  ///
  /// libsndfile reads what is left of a truncated file without a warning, but the user must know.
  /// Only the sample chunk counts, because its length decides the result.
  func promisedByteCount() -> Int? {
    guard let form = bytes(at: 0, count: 12) else { return nil }
    switch String(decoding: form[0..<4], as: UTF8.self) {
    case "RIFF": return end(of: chunk("data", isBigEndian: false))
    case "RF64": return longEnd()
    case "RIFX": return end(of: chunk("data", isBigEndian: true))
    case "FORM": return end(of: chunk("SSND", isBigEndian: true))
    case "riff":
      // W64: a GUID of 16 bytes, then the size of the whole file.
      return bytes(at: 16, count: 8).map { integer($0[...], isBigEndian: false) }
        .flatMap { $0 < 1 << 62 ? $0 : nil }
    case ".snd":
      guard let size = bytes(at: 8, count: 4).map({ integer($0[...], isBigEndian: true) }),
        size < 0xffff_ffff
      else { return nil }
      return integer(form[4..<8], isBigEndian: true) + size
    case "caff": return appleSampleChunk().flatMap { $0.size < 0 ? nil : $0.start + $0.size }
    default: return nil
    }
  }

  /// Where a chunk ends.
  ///
  /// Programs that write to a pipe do not know the size: they leave 0, or a number near the
  /// greatest signed or unsigned one.
  private func end(of chunk: Chunk?) -> Int? {
    guard let chunk, !isOpen(chunk.size) else { return nil }
    return chunk.start + chunk.size
  }

  private func isOpen(_ size: Int) -> Bool {
    size == 0 || size >= 0xffff_0000 || (0x7f00_0000...0x7fff_ffff).contains(size)
  }

  /// Where the samples of an RF64 file end: a size that is too large for the header is in the chunk
  /// "ds64".
  private func longEnd() -> Int? {
    guard let data = chunk("data", isBigEndian: false) else { return nil }
    guard isOpen(data.size) else { return data.start + data.size }
    guard let long = chunk("ds64", isBigEndian: false),
      let sizes = bytes(at: long.start, count: 16)
    else { return nil }
    let size = integer(sizes[8..<16], isBigEndian: false)
    guard size > 0, size < 1 << 62 else { return nil }
    let (end, overflow) = size.addingReportingOverflow(data.start)
    return overflow ? nil : end
  }
}
