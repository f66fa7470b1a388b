// SPDX-License-Identifier: GPL-2.0-or-later

import SystemPackage
import WavSamples
import WavSystem

/// The selected frames of an uncompressed file, read in pieces: for recordings larger than memory.
///
/// Workers forked from the process that created it read through the same descriptor, in any order.
public final class FileSamples: StreamedSamples {
  /// Number of samples.
  public let count: Int
  /// Bytes of a frame.
  public var bytesPerSample: Int { frames.frameBytes }

  private let path: String
  private let frames: PlainFrames
  private let channels: Int
  private let channel: ChannelSelection
  private let file: BulkFile

  /// Prepares to read the samples of a file; nil for a file that must be decoded.
  ///
  /// - Parameters:
  ///   - file: The file.
  ///   - selection: The part of it to read.
  ///   - meter: Counts the bytes and the time of reading.
  /// - Throws: ``AudioError`` when the file cannot be opened again.
  public init?(
    _ file: SoundFile, _ selection: SampleSelection, meter: TransferMeter? = nil
  ) throws(AudioError) {
    guard let frames = PlainFrames(file, selection) else { return nil }
    self.frames = frames
    count = selection.count
    channel = selection.channel
    path = file.path
    channels = file.channels
    do {
      self.file = try BulkFile(
        reopening: file.file.descriptor, reading: frames.bytes, meter: meter)
    } catch {
      throw .notReopened(file.path, error)
    }
  }

  /// Reads samples.
  ///
  /// - Throws: ``AudioError`` when the file has become shorter or cannot be read.
  public func read(
    _ samples: Range<Int>, into buffer: UnsafeMutableRawBufferPointer
  ) throws -> SampleReader {
    let bytes = bytes(of: samples)
    let room = UnsafeMutableRawBufferPointer(rebasing: buffer[..<bytes.count])
    let got: Int
    do {
      got = try file.read(into: room, at: bytes.lowerBound)
    } catch {
      throw AudioError(
        .unusable,
        "\(path) cannot be read from byte \(bytes.lowerBound) on: \(error); copy it to another disk"
      )
    }
    guard got == bytes.count, let base = room.baseAddress else { throw AudioError.changed(path) }
    return SampleReader(
      coded: base, layout: frames.layout, channels: channels, count: samples.count,
      channel: channel)
  }

  /// Tells the system that samples will be read soon, so that it can start reading.
  public func announce(_ samples: Range<Int>) { file.announce(bytes(of: samples)) }

  private func bytes(of samples: Range<Int>) -> Range<Int> {
    precondition(samples.lowerBound >= 0 && samples.upperBound <= count, "samples of the selection")
    let first = frames.bytes.lowerBound
    return first + samples.lowerBound * bytesPerSample..<first + samples.upperBound * bytesPerSample
  }
}
