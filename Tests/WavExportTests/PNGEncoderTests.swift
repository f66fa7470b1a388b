// SPDX-License-Identifier: GPL-2.0-or-later

import Foundation
import TestSupport
import Testing

@testable import WavExport

/// Files of libpng, read by an independent decoder.
@Suite struct PNGEncoderTests {
  /// Bytes that look random, with runs of equal ones.
  private func bytes(_ count: Int, below limit: Int = 256) -> [UInt8] {
    var state: UInt64 = 7
    return (0..<count).map { index in
      if index % 40 < 30 { state = state &* 6_364_136_223_846_793_005 &+ 1 }
      return UInt8(Int(state >> 33) % limit)
    }
  }

  private let all: [PNGEncoder.Compression] = [.ofDrawings, .ofColours, .ofShades]
  private let sizes = [(1, 1), (1, 9), (7, 1), (301, 57)]

  private func file(
    _ bytes: [UInt8], _ width: Int, _ height: Int, pitch: Int, _ layout: PNGEncoder.Layout,
    _ compression: PNGEncoder.Compression = .ofColours
  ) throws -> [UInt8] {
    try bytes.withUnsafeBytes {
      try PNGEncoder.file(
        $0, width: width, height: height, pitch: pitch, layout, compression)
    }
  }

  @Test func everyPixelIsInTheFile() throws {
    for (width, height) in sizes {
      for compression in all {
        // Rows with three unused bytes at their ends.
        for (layout, size) in [(PNGEncoder.Layout.grey, 1), (.rgb, 3), (.bgrx, 4)] {
          let pitch = width * size + 3
          let rows = bytes(pitch * height)
          let image = try PNGFile(file(rows, width, height, pitch: pitch, layout, compression))
          #expect(image.width == width && image.height == height)
          #expect(image.chunks.filter { $0 != "IDAT" } == ["IHDR", "IEND"])
          for y in 0..<height {
            for x in 0..<width {
              let pixel = rows[(y * pitch + x * size)...].prefix(size).map { UInt32($0) }
              let wanted =
                switch size {
                case 1: pixel[0] << 16 | pixel[0] << 8 | pixel[0]
                case 3: pixel[0] << 16 | pixel[1] << 8 | pixel[2]
                default: pixel[2] << 16 | pixel[1] << 8 | pixel[0]
                }
              #expect(image.colour(x, y) == wanted)
            }
          }
        }
      }
    }
  }

  @Test func palettesHaveOneToAllColours() throws {
    for count in [1, 2, 17, 256] {
      let palette = (0..<count).map { Colour(hex: UInt32($0) &* 0x1c_9d37 & 0xffffff) }
      let indices = bytes(301 * 57, below: count)
      let raster = Raster(width: 301, height: 57, palette: palette, indices: indices)
      for compression in all {
        let file = try PNGEncoder.file(raster, compression)
        let image = try PNGFile(file)
        #expect(image.chunks.filter { $0 != "IDAT" } == ["IHDR", "PLTE", "IEND"])
        #expect(image.pixels == indices.map { UInt32($0) &* 0x1c_9d37 & 0xffffff })
        #expect(try PNGEncoder.file(raster, compression) == file)
      }
    }
  }

  @Test func largeImagesAreCompressed() throws {
    let raster = Raster(
      width: 2000, height: 900, palette: [Colour(hex: 0x123456)],
      indices: [UInt8](repeating: 0, count: 1_800_000))
    #expect(try PNGEncoder.file(raster).count < 20000)
    // Random pixels need more than a block of the encoder and of zlib.
    let noise = bytes(3 * 400 * 300)
    let image = try PNGFile(file(noise, 400, 300, pitch: 1200, .rgb))
    #expect(image.chunks.count { $0 == "IDAT" } > 1)
    #expect(image.colour(399, 299) == noise.suffix(3).reduce(0) { $0 << 8 | UInt32($1) })
  }

  @Test func whatLibpngRefusesIsAnError() {
    for (width, height) in [(0, 5), (5, 0), (1 << 30, 1)] {
      let error = #expect(throws: ImageError.self) {
        _ = try file([0, 0, 0, 0], width, height, pitch: 0, .grey)
      }
      #expect(error?.reason == "libpng cannot encode the image: Invalid IHDR data")
    }
  }

  private func reduced(_ colours: [UInt32]) -> Raster? {
    // The highest byte is not part of the colour; each row has two pixels more than are shown.
    var pixels: [UInt32] = []
    for (index, colour) in colours.enumerated() {
      pixels.append(colour | UInt32(index % 3) * 0x7f00_0000)
      if index % 100 == 99 { pixels += [0x12_3456, 0xffff_ffff] }
    }
    return pixels.withUnsafeBufferPointer {
      raster(ofDrawing: $0, width: 100, height: colours.count / 100, pitch: 102)
    }
  }

  @Test func fewColoursBecomeAPalette() throws {
    for count in [1, 2, 255, 256] {
      // White is the first one.
      let colours = (0..<6000).map { ~(UInt32($0 % count) &* 0x65_4321) & 0xff_ffff }
      let raster = try #require(reduced(colours), "\(count) colours")
      #expect(raster.palette.count == count)
      #expect(try PNGFile(PNGEncoder.file(raster)).pixels == colours)
    }
  }

  @Test func rareColoursBecomeTheirNeighbours() throws {
    // A frequent grey of 1, 3, ... and a rare one above each; and the same in red.
    let units: [UInt32] = [0x01_0101, 0x01_0000]
    let odd = (0..<100).map { UInt32(2 * $0 + 1) }
    let frequent = units.flatMap { unit in odd.map { $0 * unit } }
    let rare = units.flatMap { unit in odd.map { ($0 + 1) * unit } }
    var colours: [UInt32] = []
    for _ in 0..<9 { colours += frequent }
    colours += rare
    let raster = try #require(reduced(colours))
    #expect(raster.palette.count == 256)
    #expect(Set(raster.palette).isSuperset(of: frequent.map(Colour.init(hex:))))
    for (index, colour) in zip(raster.indices, colours) {
      let (shown, wanted) = (raster.palette[Int(index)], Colour(hex: colour))
      #expect(abs(Int(shown.red) - Int(wanted.red)) <= 1)
      #expect(abs(Int(shown.green) - Int(wanted.green)) <= 1)
      #expect(abs(Int(shown.blue) - Int(wanted.blue)) <= 1)
    }
  }

  @Test func aRareColourThatIsFarFromAllOthersIsKept() {
    let greys = (0..<10000).map { UInt32($0 % 100 * 2) * 0x01_0101 }
    let blues = (0..<9900).map { UInt32($0 % 156) }
    #expect(reduced(greys + blues + [UInt32](repeating: 0x00_00aa, count: 100)) != nil)
    #expect(
      reduced(greys + blues + [UInt32](repeating: 0xff_0000, count: 100))?.palette.count == 256)
    let shades = (0..<100).map { 0x20_0000 + UInt32($0) }
    let lone = [UInt32](repeating: 0, count: 99) + [0xff_0000]
    #expect(reduced(greys + blues + shades + lone) == nil)
  }

  @Test func thousandsOfColoursAreNoPalette() {
    #expect(reduced((0..<6000).map { UInt32($0) }) == nil)
  }

  @Test func enlargedImagesRepeatPixels() {
    let small = Raster(
      width: 3, height: 2, palette: (0..<6).map { Colour(hex: $0) }, indices: [0, 1, 2, 3, 4, 5])
    #expect(small.enlarged(columns: 1, rows: 1) == small)
    let large = small.enlarged(columns: 3, rows: 2)
    #expect(large.width == 9 && large.height == 4)
    for y in 0..<4 {
      for x in 0..<9 { #expect(large.indices[9 * y + x] == small.indices[3 * (y / 2) + x / 3]) }
    }
  }
}
