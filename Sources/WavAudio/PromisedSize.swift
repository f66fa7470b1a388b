// SPDX-License-Identifier: GPL-2.0-or-later

import Glibc

extension SoundFile {
  /// The smallest size in bytes that the file must have by the headers of a RIFF, RF64, W64, AIFF, AU
  /// or CAF file; nil for other formats and where the header leaves the size open.
  ///
  /// libsndfile quietly reads what is there of a truncated file; whoever measures a spectrum should
  /// know. Only the sample chunk counts, for its length decides the result.
  func promisedByteCount() -> Int? {
    guard let form = bytes(at: 0, count: 12) else { return nil }
    switch String(decoding: form[0..<4], as: UTF8.self) {
    case "RIFF": return sampleChunkEnd("data", sizeIsBigEndian: false)
    case "RF64": return sampleChunkEnd("data", sizeIsBigEndian: false)
    case "RIFX": return sampleChunkEnd("data", sizeIsBigEndian: true)
    case "FORM": return sampleChunkEnd("SSND", sizeIsBigEndian: true)
    case "riff":
      // W64: a GUID of 16 bytes, then the size of the whole file.
      return bytes(at: 16, count: 8).map { integer($0[...], isBigEndian: false) }
    case ".snd":
      guard let size = bytes(at: 8, count: 4).map({ integer($0[...], isBigEndian: true) }),
        size < 0xffff_ffff
      else { return nil }
      return integer(form[4..<8], isBigEndian: true) + size
    case "caff": return appleSampleChunkEnd()
    default: return nil
    }
  }

  /// Where the samples of a CAF file must end; chunk sizes have 64 bits, all set if left open.
  private func appleSampleChunkEnd() -> Int? {
    var offset = 8
    for _ in 0..<10_000 {
      guard let header = bytes(at: offset, count: 12) else { return nil }
      let size = header[4..<12].reduce(UInt64(0)) { $0 << 8 | UInt64($1) }
      guard size < UInt64(1) << 62 else { return nil }
      offset += 12 + Int(size)
      if String(decoding: header[0..<4], as: UTF8.self) == "data" { return offset }
    }
    return nil
  }

  private func sampleChunkEnd(_ wanted: String, sizeIsBigEndian: Bool) -> Int? {
    var offset = 12
    var longSize: Int?
    // Chunk lists are short; the bound keeps a hostile file from leading us on for ever.
    for _ in 0..<10_000 {
      guard let header = bytes(at: offset, count: 8) else { return nil }
      let name = String(decoding: header[0..<4], as: UTF8.self)
      let size = integer(header[4..<8], isBigEndian: sizeIsBigEndian)
      if name == "ds64", let sizes = bytes(at: offset + 8, count: 16) {
        longSize = integer(sizes[8..<16], isBigEndian: false)
      } else if name == wanted {
        // Programs that write to a pipe do not know the size: they leave 0, or a number near the
        // largest signed or unsigned one.
        let isOpen = size == 0 || size >= 0xffff_0000 || (0x7fff_0000...0x7fff_ffff).contains(size)
        guard let length = isOpen ? longSize : size else { return nil }
        let (end, overflow) = length.addingReportingOverflow(offset + 8)
        return overflow ? .max : end
      }
      offset += 8 + size + size & 1
    }
    return nil
  }

  private func integer(_ bytes: ArraySlice<UInt8>, isBigEndian: Bool) -> Int {
    let value = (isBigEndian ? Array(bytes) : bytes.reversed()).reduce(UInt64(0)) {
      $0 << 8 | UInt64($1)
    }
    return Int(min(value, UInt64(Int.max)))
  }

  private func bytes(at offset: Int, count: Int) -> [UInt8]? {
    var buffer = [UInt8](repeating: 0, count: count)
    return pread(descriptor, &buffer, count, off_t(offset)) == count ? buffer : nil
  }
}
