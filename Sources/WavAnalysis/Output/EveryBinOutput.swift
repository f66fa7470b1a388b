// SPDX-License-Identifier: GPL-2.0-or-later

import Glibc
import Synchronization
import WavRendering
import WavSharedMemory
import WavSpectrum
import WavTransforms
import WavWorkers

/// A table with a row for every bin, formatted and written by the workers, block by block.
///
/// The rows of a NumPy array have one size, so that each block knows its place in a mapped file. In
/// CSV the place of a block follows from the sizes of those before: each worker hands on the end of
/// its block as soon as it has formatted it, before it writes. Blocks are taken in order, so nobody
/// waits long. A block that is done again writes the same bytes to the same place.
final class EveryBinOutput {
  private let output: SpectrumOutput
  private let engine: any TransformEngine
  private let grid: BinGrid
  private let scaling: Scaling
  private let bins: Range<Int>
  private let isSingle: Bool
  private let decimals: Int
  /// Byte offset of each block; 0 while it is not known.
  private let offsets: SharedRegion
  private let magnitudes = UnsafeMutablePointer<Double>.allocate(capacity: binsPerBlock)
  private var buffer = TextBuffer(capacity: binsPerBlock * longestRow)

  private static let binsPerBlock = 16384
  /// No row is longer, whatever the numbers.
  private static let longestRow = 128

  /// Prepares to write `bins` of the spectrum that an engine computes.
  init(
    _ output: SpectrumOutput, _ engine: any TransformEngine, _ grid: BinGrid, _ scaling: Scaling,
    _ bins: Range<Int>, _ precision: Precision
  ) throws(SystemError) {
    self.output = output
    self.engine = engine
    self.grid = grid
    self.scaling = scaling
    self.bins = bins
    isSingle = precision == .single
    decimals = CSV.frequencyDecimals(spacing: grid.spacing, isSingle: isSingle)
    let blocks = max(1, (bins.count + Self.binsPerBlock - 1) / Self.binsPerBlock)
    offsets = try SharedRegion(byteCount: 8 * (blocks + 1), purpose: "the output's places")
    blockCount = blocks
    header =
      output.format == .npy
      ? NPY.binHeader(count: bins.count, isSingle: isSingle) : Array(CSV.binHeader.utf8)
    let isMapped = output.format == .npy && output.file.hasPlaces
    arrayBytes = header.count + bins.count * NPY.binRowBytes(isSingle: isSingle)
    mapping = isMapped ? try output.file.map(byteCount: arrayBytes) : nil
    offset(0).pointee.store(header.count, ordering: .relaxed)
  }

  deinit {
    magnitudes.deallocate()
    if let mapping { munmap(mapping, arrayBytes) }
  }

  private let blockCount: Int
  /// Bytes of the whole file of an array.
  private let arrayBytes: Int
  /// The mapped file of an array.
  private let mapping: UnsafeMutableRawPointer?

  private let header: [UInt8]

  private func offset(_ block: Int) -> UnsafeMutablePointer<Atomic<Int>> {
    (offsets.pages.base + 8 * block).assumingMemoryBound(to: Atomic<Int>.self)
  }

  /// The work; nil for an output that can only be written from its beginning to its end.
  var stage: Stage? {
    guard output.file.hasPlaces else { return nil }
    return Stage(name: "write \(output.format.rawValue)", blockCount: blockCount) { block in
      try self.writeBlock(block)
    }
  }

  /// Writes what the workers have not: all of a pipe's, or the header.
  func finish() throws {
    if output.file.hasPlaces {
      try header.withUnsafeBytes { try output.file.write($0, at: 0) }
      return
    }
    try output.file.write(header)
    for block in 0..<blockCount {
      format(block)
      try output.file.write(buffer.bytes)
    }
  }

  private func writeBlock(_ block: Int) throws {
    format(block)
    do {
      if let mapping {
        let first = header.count + block * Self.binsPerBlock * NPY.binRowBytes(isSingle: isSingle)
        try output.file.reserve(first..<first + buffer.count)
        if let bytes = buffer.bytes.baseAddress {
          (mapping + first).copyMemory(from: bytes, byteCount: buffer.count)
        }
      } else {
        try output.file.write(buffer.bytes, at: takePlace(block))
      }
    } catch {
      throw WorkerFailure(kind: .output, "\(error)")
    }
  }

  /// Waits until the place of a block is known, and tells the next block its own.
  private func takePlace(_ block: Int) -> Int {
    var place = offset(block).pointee.load(ordering: .acquiring)
    while place == 0 {
      usleep(50)
      place = offset(block).pointee.load(ordering: .acquiring)
    }
    offset(block + 1).pointee.store(place + buffer.count, ordering: .releasing)
    return place
  }

  /// Puts the rows of a block into `buffer`.
  private func format(_ block: Int) {
    let first = bins.lowerBound + block * Self.binsPerBlock
    let range = first..<min(first + Self.binsPerBlock, bins.upperBound)
    engine.copyMagnitudes(range, to: magnitudes)
    buffer.clear()
    switch (output.format, isSingle) {
    case (.npy, true):
      rows(range) { frequency, magnitude, isUnpaired, buffer in
        let magnitude = Float(magnitude)
        let level = scaling.level(singleMagnitude: magnitude, isUnpaired: isUnpaired)
        NPY.append(frequency, magnitude, level, to: &buffer)
      }
    case (.npy, false):
      rows(range) { frequency, magnitude, isUnpaired, buffer in
        let level = scaling.level(magnitude: magnitude, isUnpaired: isUnpaired)
        NPY.append(frequency, magnitude, level, to: &buffer)
      }
    case (_, true):
      rows(range) { frequency, magnitude, isUnpaired, buffer in
        let magnitude = Float(magnitude)
        let level = scaling.level(singleMagnitude: magnitude, isUnpaired: isUnpaired)
        CSV.append(frequency, magnitude, level, decimals: decimals, to: &buffer)
      }
    case (_, false):
      rows(range) { frequency, magnitude, isUnpaired, buffer in
        let level = scaling.level(magnitude: magnitude, isUnpaired: isUnpaired)
        CSV.append(frequency, magnitude, level, decimals: decimals, to: &buffer)
      }
    }
  }

  @inline(__always)
  private func rows(
    _ range: Range<Int>, _ append: (Double, Double, Bool, inout TextBuffer) -> Void
  ) {
    let rate = grid.sampleRate
    let divisor = Double(grid.parts * grid.transformLength)
    let nyquist = grid.transformLength % 2 == 0 ? grid.transformLength / 2 : -1
    for index in 0..<range.count {
      let bin = range.lowerBound &+ index
      append(Double(bin &* rate) / divisor, magnitudes[index], bin == 0 || bin == nyquist, &buffer)
    }
  }
}
