// SPDX-License-Identifier: GPL-2.0-or-later

import CShims
import Glibc
import WavSamples
import WavStages
import WavSystem

/// Measures the samples of a selection in segments, on several workers at once.
///
/// Mapped segments are read from beginning to end, which costs little: 0.05 s of one core for 1.07
/// GB of 16-bit stereo. Samples that must be decoded are measured while they are decoded.
public final class LevelMeter {
  /// Frames in a segment: a power of two that divides the blocks of ``SampleDecoder``.
  ///
  /// All but very short and very long selections have 33 to 64 segments.
  private let segmentFrames: Int
  /// The pieces of a signal that is measured while it is read in pieces; each piece is a segment.
  private let pieces: PieceLayout?
  private let segmentsPerBlock: Int
  private let selection: SampleSelection
  /// Channels that make the signal.
  private let channels: [Int]
  /// Whether the signal is half the difference of the two channels, instead of their mean.
  private let isDifference: Bool
  private let fullScale: FullScale?
  private let memory: AllocatedRegions
  /// The measurement of the current segment.
  private var current: Segment

  /// Frames that are measured at a time: few, because all of them are searched for runs if one is
  /// at full scale.
  private static let chunk = 512
  /// The same for 16-bit samples, where only chunks with extreme values are read twice.
  private static let plainChunk = 8192
  private static let mostSegmentFrames = 1 << 20

  /// The measurement of a segment, apart from the runs of its channels.
  private struct Header: BitwiseCopyable {
    var signal = SampleLevels()
    var channelSquareSum = 0.0
    var aboveFullScale = 0
  }

  private struct Segment {
    var header = Header()
    var runs: [FullScaleRuns]
  }

  private let scratch: UnsafeMutablePointer<Double>

  /// Prepares to measure a selection of a file; `pieces` are those of a signal that is read in
  /// pieces.
  ///
  /// - Throws: `SystemError` when memory is short.
  public init(
    _ file: SoundFile, _ selection: SampleSelection, pieces: PieceLayout? = nil,
    for scope: MemoryScope = .workers
  ) throws(SystemError) {
    precondition(
      pieces.map { $0.tail.upperBound == selection.count } ?? true, "pieces of the selection")
    self.selection = selection
    self.pieces = pieces
    let channels = Self.channels(of: file, selection)
    if case .difference = selection.channel { isDifference = true } else { isDifference = false }
    self.channels = channels
    let fullScale = file.fullScale
    self.fullScale = fullScale
    let runs = fullScale.map { Array(repeating: FullScaleRuns($0), count: channels.count) } ?? []
    current = Segment(runs: runs)
    var frames = 1
    while frames < Self.mostSegmentFrames, frames * 64 < selection.count { frames *= 2 }
    segmentFrames = frames
    segmentsPerBlock = Self.mostSegmentFrames / frames
    let segments = pieces?.pieceCount ?? (selection.count + frames - 1) / frames
    memory = try AllocatedRegions(
      [
        RegionNeed(
          "the levels", byteCount: segments * Self.recordBytes(runs.count), access: .inPlace)
      ], for: scope)
    scratch = .allocate(capacity: Self.chunk * (channels.count > 1 ? 2 : 1))
  }

  deinit { scratch.deallocate() }

  /// Memory of what is measured.
  public var memoryUse: MemoryUse { memory.use }

  private static func channels(of file: SoundFile, _ selection: SampleSelection) -> [Int] {
    switch selection.channel {
    case .mix: Array(0..<file.channels)
    case .single(let channel): [channel]
    case .difference(let first, let second): [first, second]
    }
  }

  /// Memory for measuring in pieces, in bytes.
  public static func byteCount(
    _ file: SoundFile, _ selection: SampleSelection, _ pieces: PieceLayout
  ) -> Int {
    let runs = file.fullScale == nil ? 0 : channels(of: file, selection).count
    return pieces.pieceCount * recordBytes(runs)
  }

  private static func recordBytes(_ runs: Int) -> Int {
    MemoryLayout<Header>.stride + runs * MemoryLayout<FullScaleRuns>.stride
  }

  private var segmentCount: Int {
    pieces?.pieceCount ?? (selection.count + segmentFrames - 1) / segmentFrames
  }

  /// Number of blocks of segments; blocks can be measured independently.
  public var blockCount: Int { (segmentCount + segmentsPerBlock - 1) / segmentsPerBlock }

  private func segment(_ index: Int) -> Range<Int> {
    index * segmentFrames..<min((index + 1) * segmentFrames, selection.count)
  }

  // MARK: Samples of uncompressed files

  /// Measures one block of mapped samples.
  public func measure(block: Int, of reader: SampleReader) {
    precondition(pieces == nil, "a signal that is read in pieces is measured in these")
    let frames = CodedFrames(reader)
    let first = block * segmentsPerBlock
    for index in first..<min(first + segmentsPerBlock, segmentCount) {
      measure(segment(index), frames, as: index)
    }
  }

  /// Measures a piece; `reader` must have exactly its samples.
  ///
  /// Pieces may be measured in any order, and again.
  public func measure(piece: Int, of reader: SampleReader) {
    precondition(
      reader.count == pieces?.samples(of: piece).count, "a piece is measured as it was laid out")
    measure(0..<reader.count, CodedFrames(reader), as: piece)
  }

  /// Measures all pieces of a row; `reader` must have exactly its samples.
  public func measure(row: Int, of reader: SampleReader) {
    guard let pieces else { preconditionFailure("a signal that is read in pieces") }
    var done = 0
    for block in 0..<pieces.blockCount {
      let piece = pieces.piece(row: row, block: block)
      let count = pieces.samples(of: piece).count
      measure(piece: piece, of: reader.extracting(done..<done + count))
      done += count
    }
  }

  private func measure(_ segment: Range<Int>, _ frames: CodedFrames, as index: Int) {
    // 16-bit samples are measured together: both channels, or the only one.
    let isPlain =
      !isDifference && frames.layout == SampleLayout(coding: .signed16, isSwapped: false)
      && channels.count == frames.channelCount && frames.channelCount <= 2
    begin()
    let chunk = isPlain ? Self.plainChunk : Self.chunk
    for start in stride(from: segment.lowerBound, to: segment.upperBound, by: chunk) {
      let range = start..<min(start + chunk, segment.upperBound)
      if isPlain, frames.channelCount == 2 || range.count % 2 == 0 {
        measurePlain(range, frames)
      } else {
        for start in stride(from: start, to: range.upperBound, by: Self.chunk) {
          measure(start..<min(start + Self.chunk, range.upperBound), frames)
        }
      }
    }
    store(index)
  }

  private struct CodedFrames {
    let base: UnsafeRawPointer
    let layout: SampleLayout
    let channelCount: Int

    init(_ reader: SampleReader) {
      guard case .coded(let base, let layout, let channelCount, _) = reader.storage else {
        preconditionFailure("samples that were decoded have been measured")
      }
      (self.base, self.layout, self.channelCount) = (base, layout, channelCount)
    }

    func address(_ frame: Int) -> UnsafeRawPointer {
      base + frame &* channelCount &* layout.byteCount
    }

    func decode(_ frames: Range<Int>, of channel: Int, to output: UnsafeMutablePointer<Double>) {
      layout.decode(
        address(frames.lowerBound), from: 0, count: frames.count, of: channelCount,
        .single(channel), into: output)
    }
  }

  private func measure(_ range: Range<Int>, _ frames: CodedFrames) {
    measure(range.count) { channel in frames.decode(range, of: channel, to: scratch) }
  }

  /// Measures frames; `fetch` copies one of their channels to ``scratch``.
  private func measure(_ count: Int, fetch: (_ channel: Int) -> Void) {
    // The second half of the memory holds the mix, unless there is only one channel.
    let mix = scratch + (channels.count > 1 ? Self.chunk : 0)
    for (place, channel) in channels.enumerated() {
      fetch(channel)
      let levels = take(scratch, count: count, of: place)
      if channels.count == 1 { return current.header.signal.merge(levels) }
      if place == 0 {
        mix.update(from: scratch, count: count)
      } else {
        add(to: mix, count)
      }
    }
    takeMix(mix, count)
  }

  /// Adds a further channel to the mix, or subtracts it if the signal is a difference.
  private func add(to mix: UnsafeMutablePointer<Double>, _ count: Int) {
    if isDifference {
      for index in 0..<count { mix[index] -= scratch[index] }
    } else {
      for index in 0..<count { mix[index] += scratch[index] }
    }
  }

  private func takeMix(_ sums: UnsafeMutablePointer<Double>, _ count: Int) {
    let scale = 1 / Double(channels.count)
    for index in 0..<count { sums[index] *= scale }
    current.header.signal.merge(SampleLevels(sums, count: count))
  }

  /// The most common case, in integers.
  private func measurePlain(_ range: Range<Int>, _ frames: CodedFrames) {
    let found = plainLevels(range, frames)
    // The signal is the sum of two channels, or the only channel.
    let scale = channels.count == 2 ? 0x1p-16 : 0x1p-15
    var levels = SampleLevels()
    levels.count = range.count
    levels.sum = found.sum * scale
    levels.squareSum = found.square_sum * scale * scale
    levels.least = Double(found.least) * scale
    levels.greatest = Double(found.greatest) * scale
    current.header.signal.merge(levels)
    current.header.channelSquareSum += found.channel_square_sum * 0x1p-30
    guard found.least_code == .min || found.greatest_code == .max else {
      return skipPlain(range, frames)
    }
    for start in stride(from: range.lowerBound, to: range.upperBound, by: Self.chunk) {
      let part = start..<min(start + Self.chunk, range.upperBound)
      let found = plainLevels(part, frames)
      guard found.least_code == .min || found.greatest_code == .max, let fullScale else {
        skipPlain(part, frames)
        continue
      }
      for channel in channels {
        frames.decode(part, of: channel, to: scratch)
        lookForRuns(scratch, count: part.count, of: channel, fullScale)
      }
    }
  }

  private func plainLevels(_ range: Range<Int>, _ frames: CodedFrames) -> shim_levels {
    let isStereo = frames.channelCount == 2
    var found = shim_levels()
    shim_measure16(
      frames.address(range.lowerBound), isStereo ? range.count : range.count / 2, isStereo ? 1 : 0,
      &found)
    return found
  }

  private func skipPlain(_ range: Range<Int>, _ frames: CodedFrames) {
    let (first, last) = (
      frames.address(range.lowerBound), frames.address(range.upperBound - 1)
    )
    for channel in channels {
      let (before, behind) = (
        first.loadUnaligned(fromByteOffset: 2 * channel, as: Int16.self),
        last.loadUnaligned(fromByteOffset: 2 * channel, as: Int16.self)
      )
      current.runs[channel].skip(
        count: range.count, first: Double(before) * 0x1p-15, last: Double(behind) * 0x1p-15)
    }
  }

  // MARK: Decoded samples

  /// Measures frames of the selection while they are decoded; `index` is the index of the first.
  ///
  /// The frames of a segment must come in order, beginning with its first.
  func add(_ frames: UnsafePointer<Double>, channelCount: Int, count: Int, at index: Int) {
    var done = 0
    while done < count {
      let position = index + done
      let number = position / segmentFrames
      let segment = segment(number)
      if position == segment.lowerBound { begin() }
      let end = min(done + Self.chunk, count, done + segment.upperBound - position)
      measure(frames + done * channelCount, channelCount, end - done)
      if index + end == segment.upperBound { store(number) }
      done = end
    }
  }

  private func measure(_ frames: UnsafePointer<Double>, _ channelCount: Int, _ count: Int) {
    measure(count) { channel in
      for index in 0..<count { scratch[index] = frames[index &* channelCount &+ channel] }
    }
  }
}

extension LevelMeter {
  private func begin() {
    current.header = Header()
    guard let fullScale else { return }
    for channel in current.runs.indices { current.runs[channel] = FullScaleRuns(fullScale) }
  }

  /// Adds samples of one channel to the segment.
  private func take(_ samples: UnsafePointer<Double>, count: Int, of channel: Int) -> SampleLevels {
    let levels = SampleLevels(samples, count: count)
    current.header.channelSquareSum += levels.squareSum
    if levels.peak > 1 {
      for index in 0..<count where abs(samples[index]) > 1 { current.header.aboveFullScale += 1 }
    }
    guard let fullScale else { return levels }
    if levels.least <= fullScale.least || levels.greatest >= fullScale.greatest {
      lookForRuns(samples, count: count, of: channel, fullScale)
    } else {
      current.runs[channel].skip(count: count, first: samples[0], last: samples[count - 1])
    }
    return levels
  }

  /// Finds runs in samples of a channel that has some at full scale, eight samples at a time.
  private func lookForRuns(
    _ samples: UnsafePointer<Double>, count: Int, of channel: Int, _ fullScale: FullScale
  ) {
    var runs = current.runs[channel]
    for start in stride(from: 0, to: count, by: 8) {
      let end = min(start + 8, count)
      if end - start == 8 {
        let vector = UnsafeRawPointer(samples + start).loadUnaligned(as: SIMD8<Double>.self)
        if !any((vector .== fullScale.greatest) .| (vector .== fullScale.least)) {
          runs.skip(count: 8, first: samples[start], last: samples[end - 1])
          continue
        }
      }
      for index in start..<end {
        runs.append(samples[index], isAtFullScale: fullScale.isAt(samples[index]))
      }
    }
    current.runs[channel] = runs
  }

  private func record(_ segment: Int) -> UnsafeMutableRawPointer {
    memory.regions[0].base + segment * Self.recordBytes(current.runs.count)
  }

  /// Stores the measurement of a segment.
  private func store(_ segment: Int) {
    let record = record(segment)
    record.storeBytes(of: current.header, as: Header.self)
    let runs = (record + MemoryLayout<Header>.stride).assumingMemoryBound(to: FullScaleRuns.self)
    for (channel, found) in current.runs.enumerated() { runs[channel] = found }
  }

  /// The levels of the selection, once all blocks are measured.
  public var levels: RecordingLevels {
    var whole = Header()
    var runs: [FullScaleRuns] = []
    var means = SegmentMeans(frames: framesOfMeans)
    for segment in 0..<segmentCount {
      let record = record(segment)
      let header = record.load(as: Header.self)
      whole.signal.merge(header.signal)
      whole.channelSquareSum += header.channelSquareSum
      whole.aboveFullScale += header.aboveFullScale
      means.append(header.signal)
      let found = (record + MemoryLayout<Header>.stride)
        .assumingMemoryBound(to: FullScaleRuns.self)
      if segment == 0 {
        runs = current.runs.indices.map { found[$0] }
      } else {
        for channel in runs.indices { runs[channel].merge(found[channel]) }
      }
    }
    let totals = runs.map(\.total)
    return RecordingLevels(
      signal: whole.signal, channelCount: channels.count,
      channelMeanSquare: whole.channelSquareSum
        / (Double(channels.count) * Double(whole.signal.count)),
      clipping: fullScale.map { _ in
        RecordingLevels.Clipping(
          samples: totals.reduce(0) { $0 + $1.samples }, runs: totals.reduce(0) { $0 + $1.runs })
      },
      samplesAboveFullScale: fullScale?.canBeExceeded ?? true ? whole.aboveFullScale : nil,
      meanError: means.standardError)
  }

  /// Length of the segments whose means are compared, in frames.
  ///
  /// A signal that is read in pieces has segments of whole rows or equal pieces, at least as long as the usual
  /// segments.
  private var framesOfMeans: Int {
    guard let pieces else { return segmentFrames }
    let unit = pieces.meanLength ?? pieces.rowLength
    return (segmentFrames + unit - 1) / unit * unit
  }
}
