// SPDX-License-Identifier: GPL-2.0-or-later

import CSndfile
import Glibc
import WavSamples

/// The selected frames of an uncompressed file, for reading them without libsndfile.
struct PlainFrames: Sendable {
  /// How samples are stored.
  let layout: SampleLayout
  /// Bytes of a frame.
  let frameBytes: Int
  /// The range of the selected frames in the file, in bytes.
  let bytes: Range<Int>

  /// Finds the frames; nil for a file that must be decoded.
  ///
  /// libsndfile knows the container: after a seek to the first frame, the file offset says where
  /// the samples begin. Frames that libsndfile reads raw at the beginning and the end of the
  /// selection must equal the bytes there; otherwise the file is decoded.
  init?(_ file: SoundFile, _ selection: SampleSelection) {
    guard let layout = file.sampleLayout(), let offset = file.sampleOffset() else { return nil }
    let frameBytes = layout.byteCount * file.channels
    let (size, overflow) = file.frames.multipliedReportingOverflow(by: frameBytes)
    guard !overflow, offset >= 0, offset <= file.byteCount - size else { return nil }
    let probe = min(selection.count, 64)
    guard
      file.holdsRaw(frame: selection.start, count: probe, at: offset, frameBytes: frameBytes),
      file.holdsRaw(
        frame: selection.start + selection.count - probe, count: probe, at: offset,
        frameBytes: frameBytes)
    else { return nil }
    self.layout = layout
    self.frameBytes = frameBytes
    let first = offset + selection.start * frameBytes
    bytes = first..<first + selection.count * frameBytes
  }
}

extension SoundFile {
  /// How the samples are stored; nil if they are compressed.
  func sampleLayout() -> SampleLayout? {
    let coding: SampleLayout.Coding
    switch Int(format & Int32(SF_FORMAT_SUBMASK)) {
    case SF_FORMAT_PCM_S8: coding = .signed8
    case SF_FORMAT_PCM_U8: coding = .unsigned8
    case SF_FORMAT_PCM_16: coding = .signed16
    case SF_FORMAT_PCM_24: coding = .signed24
    case SF_FORMAT_PCM_32: coding = .signed32
    case SF_FORMAT_FLOAT: coding = .float32
    case SF_FORMAT_DOUBLE: coding = .float64
    default: return nil
    }
    switch Int(format & Int32(SF_FORMAT_TYPEMASK)) {
    case SF_FORMAT_WAV, SF_FORMAT_WAVEX, SF_FORMAT_RF64, SF_FORMAT_W64, SF_FORMAT_AIFF,
      SF_FORMAT_AU, SF_FORMAT_CAF:
      let isSwapped = sf_command(handle, Int32(SFC_RAW_DATA_NEEDS_ENDSWAP), nil, 0) == SF_TRUE
      return SampleLayout(coding: coding, isSwapped: isSwapped)
    default: return nil
    }
  }

  /// Byte offset of the first frame; nil if the file is not seekable.
  fileprivate func sampleOffset() -> Int? {
    guard sf_seek(handle, 0, SEEK_SET) == 0 else { return nil }
    let offset = stream?.position ?? Int(lseek(file.descriptor.rawValue, 0, SEEK_CUR))
    return offset > 0 ? offset : nil
  }

  /// Whether `count` frames that libsndfile reads raw equal the bytes of the file from `offset` on.
  fileprivate func holdsRaw(frame: Int, count: Int, at offset: Int, frameBytes: Int) -> Bool {
    var raw = [UInt8](repeating: 0, count: count * frameBytes)
    // With read instead of a mapping: a file that shrinks meanwhile must not kill this process.
    return sf_seek(handle, sf_count_t(frame), SEEK_SET) == frame
      && sf_read_raw(handle, &raw, sf_count_t(raw.count)) == raw.count
      && chunks.bytes(at: offset + frame * frameBytes, count: raw.count) == raw
  }
}
