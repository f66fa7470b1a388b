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
  private let selection: SampleSelection
  private let channels: Int
  private let framesPerBlock: Int
  private let canSeekExactly: Bool
  private let remedy: Sentence
  private let view: FileView

  /// Frames decoded at a time.
  private static let chunk = 4096

  /// Prepares to decode; the file must stay open while blocks are decoded.
  public init(_ file: SoundFile, _ selection: SampleSelection) {
    path = file.path
    descriptor = file.file.descriptor
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
  ) throws(AudioError) {
    let first = samples(of: block).lowerBound
    try decode(block: block) { frames, done, count in
      meter?.add(frames, channelCount: channels, count: count, at: first + done)
      mix(frames, count) { output[done &+ $0] = Float($1) }
    }
  }

  /// The same in double precision.
  public func decode(
    block: Int, into output: UnsafeMutablePointer<Double>, _ meter: LevelMeter? = nil
  ) throws(AudioError) {
    let first = samples(of: block).lowerBound
    try decode(block: block) { frames, done, count in
      meter?.add(frames, channelCount: channels, count: count, at: first + done)
      mix(frames, count) { output[done &+ $0] = $1 }
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

  private func decode(
    block: Int, consume: (_ frames: UnsafePointer<Double>, _ done: Int, _ count: Int) -> Void
  ) throws(AudioError) {
    let quiet = QuietStandardError()
    defer { quiet.end() }
    // A descriptor of its own: the inherited one shares its file offset with all workers.
    let cannotOpen = {
      AudioError(.unusable, "\(path) cannot be opened again: \(SoundFile.reason(nil))")
    }
    guard let own = try? OpenFile(reopening: descriptor) else { throw cannotOpen() }
    var info = SF_INFO()
    let stream = view.stream(own.descriptor)
    guard
      let handle = stream?.open(&info)
        ?? sf_open_fd(own.descriptor.rawValue, Int32(SFM_READ), &info, 0)
    else { throw cannotOpen() }
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
      if !isSkipped { consume(buffer, position - first, count) }
      position += count
    }
  }
}
