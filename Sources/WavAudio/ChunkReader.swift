// SPDX-License-Identifier: GPL-2.0-or-later

import SystemPackage

/// Finds chunks in the header of a RIFF, AIFF or CAF file.
struct ChunkReader {
  /// The open file.
  let descriptor: FileDescriptor
  /// Its size.
  let byteCount: Int

  /// Chunk lists are short; the limit stops endless lists in hostile files.
  private static let mostChunks = 10_000

  /// Where the contents of a chunk begin, and their length by its header.
  struct Chunk {
    let start: Int
    let size: Int
  }

  /// The first chunk with a name in a RIFF or AIFF file.
  func chunk(_ wanted: String, isBigEndian: Bool) -> Chunk? {
    var offset = 12
    for _ in 0..<Self.mostChunks {
      guard let header = bytes(at: offset, count: 8) else { return nil }
      let size = integer(header[4..<8], isBigEndian: isBigEndian)
      if String(decoding: header[0..<4], as: UTF8.self) == wanted {
        return Chunk(start: offset + 8, size: size)
      }
      offset += 8 + size + size & 1
    }
    return nil
  }

  /// The sample chunk of a CAF file; its size is -1 if the header leaves it open.
  func appleSampleChunk() -> Chunk? {
    var offset = 8
    for _ in 0..<Self.mostChunks {
      guard let header = bytes(at: offset, count: 12) else { return nil }
      let size = header[4..<12].reduce(UInt64(0)) { $0 << 8 | UInt64($1) }
      let isData = String(decoding: header[0..<4], as: UTF8.self) == "data"
      guard size < UInt64(1) << 62 else {
        return isData && size == .max ? Chunk(start: offset + 12, size: -1) : nil
      }
      if isData { return Chunk(start: offset + 12, size: Int(size)) }
      offset += 12 + Int(size)
    }
    return nil
  }

  /// Whether everything from an offset of a RIFF file to its end is a list of chunks.
  func hasChunks(from start: Int) -> Bool {
    var offset = start
    for _ in 0..<Self.mostChunks {
      if offset == byteCount { return true }
      guard let header = bytes(at: offset, count: 8),
        header[0..<4].allSatisfy({ (0x20..<0x7f).contains($0) })
      else { return false }
      let size = integer(header[4..<8], isBigEndian: false)
      // The last chunk may lack its padding byte.
      let end = offset + 8 + size
      offset = end == byteCount ? end : end + size & 1
    }
    return false
  }

  /// An unsigned number, limited to `Int.max`.
  func integer(_ bytes: ArraySlice<UInt8>, isBigEndian: Bool) -> Int {
    let value = (isBigEndian ? Array(bytes) : bytes.reversed()).reduce(UInt64(0)) {
      $0 << 8 | UInt64($1)
    }
    return Int(min(value, UInt64(Int.max)))
  }

  /// Bytes of the file; nil if the file ends before them.
  func bytes(at offset: Int, count: Int) -> [UInt8]? {
    var buffer = [UInt8](repeating: 0, count: count)
    let got = try? buffer.withUnsafeMutableBytes {
      try descriptor.read(fromAbsoluteOffset: Int64(offset), into: $0)
    }
    return got == count ? buffer : nil
  }
}
