// SPDX-License-Identifier: GPL-2.0-or-later

import CSndfile
import Glibc
import SystemPackage
import WavSystem

/// Decodes the selected samples of a compressed file in blocks, on several workers at once.
public struct SampleDecoder: Sendable {
  /// Number of blocks of the selection; depends on the file alone.
  public let blockCount: Int
  /// Number of samples.
  public var count: Int { selection.count }

  private let path: String
  private let descriptor: FileDescriptor
  private let fileByteCount: Int
  private let selection: SampleSelection
  private let channels: Int
  private let framesPerBlock: Int
  private let canSeekExactly: Bool
  private let remedy: Sentence
  private let view: FileView

  /// Frames decoded at a time.
  private static let chunk = 4096
  /// Bytes of samples that are decoded into private memory at a time.
  private static let pieceBytes = 1 << 20

  /// Prepares to decode; the file must stay open while blocks are decoded.
  public init(_ file: SoundFile, _ selection: SampleSelection) {
    path = file.path
    descriptor = file.file.descriptor
    fileByteCount = file.byteCount
    channels = file.channels
    self.selection = selection
    // After a seek, a lossy decoder lacks its state and gives slightly different samples; so a
    // lossy file is one block. A file whose header does not give its length is one block, too,
    // because seeks need the length.
    canSeekExactly = !file.isLossy && !file.isCounted
    remedy = file.remedy
    view = file.view
    framesPerBlock = canSeekExactly ? 1 << 20 : selection.count
    blockCount = (selection.count + framesPerBlock - 1) / framesPerBlock
  }

  /// The samples of a block, counted from the beginning of the selection.
  public func samples(of block: Int) -> Range<Int> {
    let first = block * framesPerBlock
    return first..<min(first + framesPerBlock, selection.count)
  }

  /// Decodes a block to `output`, which must have space for its samples, and measures its frames.
  ///
  /// - Throws: ``AudioError`` when the file is damaged there.
  public func decode(
    block: Int, into output: UnsafeMutablePointer<Float>, _ meter: LevelMeter? = nil
  ) throws {
    let first = samples(of: block).lowerBound
    try decode(block: block) { frames, done, count in
      meter?.add(frames, channelCount: channels, count: count, at: first + done)
      mix(frames, count) { output[done &+ $0] = Float($1) }
    }
  }

  /// The same in double precision.
  public func decode(
    block: Int, into output: UnsafeMutablePointer<Double>, _ meter: LevelMeter? = nil
  ) throws {
    let first = samples(of: block).lowerBound
    try decode(block: block) { frames, done, count in
      meter?.add(frames, channelCount: channels, count: count, at: first + done)
      mix(frames, count) { output[done &+ $0] = $1 }
    }
  }

  /// The file, to be kept out of the page cache.
  func reopenedInBulk() throws(AudioError) -> BulkFile {
    do {
      return try BulkFile(reopening: descriptor, reading: 0..<fileByteCount)
    } catch {
      throw .notReopened(path, error)
    }
  }

  /// Decodes a block in pieces of about a megabyte, however long it is, and measures its frames.
  ///
  /// - Parameters:
  ///   - block: The block.
  ///   - type: `Float` or `Double`.
  ///   - file: The file, whose bytes leave the page cache when they are decoded.
  ///   - meter: Measures the frames.
  ///   - write: Takes the pieces one after the other: the samples, and the index of the first of them.
  /// - Throws: ``AudioError`` when the file is damaged there, and what `write` throws.
  func decode<Scalar: BinaryFloatingPoint & BitwiseCopyable>(
    block: Int, as type: Scalar.Type, forgetting file: BulkFile, _ meter: LevelMeter?,
    write: (_ samples: UnsafeRawBufferPointer, _ first: Int) throws -> Void
  ) throws {
    let samples = samples(of: block)
    let length = min(Self.pieceBytes / MemoryLayout<Scalar>.stride, samples.count)
    let piece = UnsafeMutableBufferPointer<Scalar>.allocate(capacity: length + Self.chunk)
    defer { piece.deallocate() }
    var filled = 0
    try decode(block: block, forgetting: file) { frames, done, count in
      meter?.add(frames, channelCount: channels, count: count, at: samples.lowerBound + done)
      mix(frames, count) { piece[filled &+ $0] = Scalar($1) }
      filled += count
      guard filled >= length || done + count == samples.count else { return }
      try write(
        UnsafeRawBufferPointer(UnsafeMutableBufferPointer(rebasing: piece[..<filled])),
        samples.lowerBound + done + count - filled)
      filled = 0
    }
  }

  /// Calls `store` with the index and the value of the signal at each frame: the chosen channel, or
  /// the mean of all channels.
  @inline(__always)
  private func mix(
    _ frames: UnsafePointer<Double>, _ count: Int, _ store: (Int, Double) -> Void
  ) {
    switch selection.channel {
    case .single(let channel):
      for index in 0..<count { store(index, frames[index &* channels &+ channel]) }
    case .difference(let first, let second):
      for index in 0..<count {
        let frame = frames + index &* channels
        store(index, (frame[first] - frame[second]) * 0.5)
      }
    case .mix where channels == 2:
      // Half of the sum is exactly its quotient by two.
      for index in 0..<count { store(index, (frames[2 &* index] + frames[2 &* index &+ 1]) * 0.5) }
    case .mix:
      for index in 0..<count {
        var sum = 0.0
        for channel in 0..<channels { sum += frames[index &* channels &+ channel] }
        store(index, sum / Double(channels))
      }
    }
  }

  private func reopened() throws(AudioError) -> OpenFile {
    do {
      return try OpenFile(reopening: descriptor)
    } catch {
      throw .notReopened(path, error)
    }
  }

  /// Decodes a block, a few frames at a time.
  private func decode(
    block: Int, forgetting file: BulkFile? = nil,
    consume: (_ frames: UnsafePointer<Double>, _ done: Int, _ count: Int) throws -> Void
  ) throws {
    let quiet = QuietStandardError()
    defer { quiet.end() }
    // A descriptor of its own: the inherited one shares its file offset with all workers.
    let own = try reopened()
    var info = SF_INFO()
    let stream = view.stream(own.descriptor)
    guard
      let handle = stream?.open(&info)
        ?? sf_open_fd(own.descriptor.rawValue, Int32(SFM_READ), &info, 0)
    else {
      throw AudioError(.unusable, "\(path) cannot be opened again: \(SoundFile.reason(nil))")
    }
    defer { withExtendedLifetime(stream) { _ = sf_close(handle) } }
    let samples = samples(of: block)
    let first = selection.start + samples.lowerBound
    var position = 0
    if canSeekExactly, first > 0 {
      guard sf_seek(handle, sf_count_t(first), SEEK_SET) == first else {
        throw AudioError(
          .unusable, "\(path) is truncated or damaged: frame \(first) cannot be found; \(remedy)")
      }
      position = first
    }
    let buffer = UnsafeMutablePointer<Double>.allocate(capacity: Self.chunk * channels)
    defer { buffer.deallocate() }
    let number = own.descriptor.rawValue
    let place = { stream?.position ?? Int(lseek(number, 0, SEEK_CUR)) }
    // A seek has read what is before it, too.
    var forgotten = max(0, place() - Self.pieceBytes)
    let end = selection.start + samples.upperBound
    while position < end {
      let isSkipped = position < first
      let wanted = min(Self.chunk, (isSkipped ? first : end) - position)
      let count = Int(sf_readf_double(handle, buffer, sf_count_t(wanted)))
      guard count > 0 else {
        throw AudioError(
          .unusable,
          "\(path) is truncated or damaged: of its first \(selection.start + selection.count) frames only "
            + "\(position) can be decoded; \(remedy)")
      }
      if !isSkipped { try consume(buffer, position - first, count) }
      position += count
      if let file, place() - forgotten >= Self.pieceBytes || position == end {
        file.forget(forgotten..<max(forgotten, place()))
        forgotten = place()
      }
    }
  }
}
