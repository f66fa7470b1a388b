// SPDX-License-Identifier: GPL-2.0-or-later

import CSndfile
import Glibc
import SystemPackage

/// Bytes of a header that libsndfile reads instead of those in the file.
///
/// Programs that write to a pipe do not know how long the recording will be, and leave sizes of
/// zero or of all ones in the header. libsndfile understands some of these, and takes others for an
/// empty or malformed file.
struct HeaderRepair: Sendable, Equatable {
  /// Offset of the first of the bytes in the file.
  let offset: Int
  /// The bytes that libsndfile reads there.
  let bytes: [UInt8]
}

extension HeaderRepair {
  /// The repair that the header of an open file needs; nil if the header is right or of an unknown
  /// kind.
  init?(_ header: ChunkReader) {
    guard let form = header.bytes(at: 0, count: 12) else { return nil }
    switch String(decoding: form[0..<4], as: UTF8.self) {
    case "RIFF":
      guard let data = header.chunk("data", isBigEndian: false), data.size == 0,
        header.byteCount > data.start, !header.hasChunks(from: data.start)
      else { return nil }
      // The size that libsndfile reads as "until the end".
      self.init(offset: data.start - 4, bytes: [255, 255, 255, 255])
    case "RF64":
      guard let long = header.chunk("ds64", isBigEndian: false), long.size >= 16,
        let sizes = header.bytes(at: long.start, count: 16),
        let data = header.chunk("data", isBigEndian: false), header.byteCount > data.start
      else { return nil }
      let size = header.integer(sizes[8..<16], isBigEndian: false)
      guard size == 0 || size >= 1 << 62 else { return nil }
      let wanted = UInt64(header.byteCount - data.start)
      self.init(offset: long.start + 8, bytes: (0..<8).map { UInt8(wanted >> (8 * $0) & 255) })
    case "caff":
      // Truncated files need it, too: libsndfile calls them malformed.
      guard let data = header.appleSampleChunk(), header.byteCount > data.start,
        data.size < 0 || data.size > header.byteCount - data.start
      else { return nil }
      let wanted = UInt64(header.byteCount - data.start)
      self.init(
        offset: data.start - 8, bytes: (0..<8).reversed().map { UInt8(wanted >> (8 * $0) & 255) })
    default: return nil
    }
  }
}

/// The part of a file that libsndfile reads.
struct FileView: Sendable {
  let repair: HeaderRepair?
  /// Number of bytes, counted from the beginning.
  let byteCount: Int
  /// Whether this is the unchanged file.
  let isWhole: Bool

  /// The view as a stream; nil if it is the unchanged file.
  func stream(_ descriptor: FileDescriptor) -> RepairedStream? {
    isWhole ? nil : RepairedStream(descriptor, byteCount: byteCount, repair)
  }
}

/// An open file as libsndfile reads it: with its header repaired, or only up to its first damage.
final class RepairedStream {
  private let descriptor: FileDescriptor
  private let byteCount: Int
  private let repair: HeaderRepair?
  /// Offset of the next byte to read.
  private(set) var position = 0

  /// A view of the first `byteCount` bytes of a file, which must stay open.
  init(_ descriptor: FileDescriptor, byteCount: Int, _ repair: HeaderRepair?) {
    self.descriptor = descriptor
    self.byteCount = byteCount
    self.repair = repair
  }

  /// Opens the file with libsndfile; this object must outlive the handle.
  func open(_ info: inout SF_INFO) -> OpaquePointer? {
    var calls = SF_VIRTUAL_IO(
      get_filelen: { sf_count_t(RepairedStream.of($0).byteCount) },
      seek: { RepairedStream.of($2).seek($0, $1) },
      read: { RepairedStream.of($2).read($0, Int($1)) },
      write: { _, _, _ in 0 },
      tell: { sf_count_t(RepairedStream.of($0).position) })
    return sf_open_virtual(
      &calls, Int32(SFM_READ), &info, Unmanaged.passUnretained(self).toOpaque())
  }

  private static func of(_ pointer: UnsafeMutableRawPointer?) -> RepairedStream {
    guard let pointer else { preconditionFailure("libsndfile keeps the stream it was given") }
    return Unmanaged.fromOpaque(pointer).takeUnretainedValue()
  }

  private func seek(_ offset: sf_count_t, _ origin: Int32) -> sf_count_t {
    let base = origin == SEEK_SET ? 0 : origin == SEEK_CUR ? position : byteCount
    let (target, overflow) = base.addingReportingOverflow(Int(offset))
    guard !overflow, target >= 0 else { return -1 }
    position = target
    return sf_count_t(target)
  }

  private func read(_ output: UnsafeMutableRawPointer?, _ count: Int) -> sf_count_t {
    let count = min(count, byteCount - position)
    guard let output, count > 0 else { return 0 }
    let bytes = UnsafeMutableRawBufferPointer(start: output, count: count)
    guard let got = try? descriptor.read(fromAbsoluteOffset: Int64(position), into: bytes) else {
      return 0
    }
    if let repair {
      for (index, byte) in repair.bytes.enumerated() {
        let place = repair.offset + index - position
        if (0..<got).contains(place) {
          output.storeBytes(of: byte, toByteOffset: place, as: UInt8.self)
        }
      }
    }
    position += got
    return sf_count_t(got)
  }
}
