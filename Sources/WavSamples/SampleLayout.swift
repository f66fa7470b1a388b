// SPDX-License-Identifier: GPL-2.0-or-later

/// How the samples of an uncompressed file are stored.
package struct SampleLayout: Sendable, Equatable {
  /// How one sample is coded.
  package enum Coding: Sendable {
    case signed8
    case unsigned8
    case signed16
    case signed24
    case signed32
    case float32
    case float64
  }

  /// How one sample is coded.
  package let coding: Coding
  /// Whether the bytes of a sample are in the opposite order to this machine's.
  package let isSwapped: Bool

  /// Describes a layout.
  package init(coding: Coding, isSwapped: Bool) {
    self.coding = coding
    self.isSwapped = isSwapped
  }

  /// Bytes of one sample.
  package var byteCount: Int {
    switch coding {
    case .signed8, .unsigned8: 1
    case .signed16: 2
    case .signed24: 3
    case .signed32, .float32: 4
    case .float64: 8
    }
  }

  /// Converts `count` frames of `channels` samples to one signal in single precision.
  ///
  /// `base` is the first frame of the signal, `start` the index of the first one to convert.
  package func decode(
    _ base: UnsafeRawPointer, from start: Int, count: Int, of channels: Int,
    _ selection: ChannelSelection, into output: UnsafeMutablePointer<Float>
  ) {
    convert(
      CodedSignal(
        frames: base + start &* channels &* byteCount, count: count, channels: channels,
        selection: selection), output)
  }

  /// The same in double precision.
  package func decode(
    _ base: UnsafeRawPointer, from start: Int, count: Int, of channels: Int,
    _ selection: ChannelSelection, into output: UnsafeMutablePointer<Double>
  ) {
    convert(
      CodedSignal(
        frames: base + start &* channels &* byteCount, count: count, channels: channels,
        selection: selection), output)
  }

  @inline(__always)
  private func convert<Scalar: BinaryFloatingPoint>(
    _ signal: CodedSignal, _ output: UnsafeMutablePointer<Scalar>
  ) {
    switch (coding, isSwapped) {
    case (.signed16, false) where signal.channels == 2 && signal.selection == .mix:
      gatherStereo16(signal.frames, signal.count, output)
    case (.signed16, false):
      gather(SignedPCM<Int16, NativeOrder>.self, signal, output)
    case (.signed16, true):
      gather(SignedPCM<Int16, SwappedOrder>.self, signal, output)
    case (.signed24, false):
      gather(Signed24<NativeOrder>.self, signal, output)
    case (.signed24, true):
      gather(Signed24<SwappedOrder>.self, signal, output)
    case (.signed32, false):
      gather(SignedPCM<Int32, NativeOrder>.self, signal, output)
    case (.signed32, true):
      gather(SignedPCM<Int32, SwappedOrder>.self, signal, output)
    case (.float32, false):
      gather(Float32<NativeOrder>.self, signal, output)
    case (.float32, true):
      gather(Float32<SwappedOrder>.self, signal, output)
    case (.float64, false):
      gather(Float64<NativeOrder>.self, signal, output)
    case (.float64, true):
      gather(Float64<SwappedOrder>.self, signal, output)
    case (.signed8, _): gather(Signed8.self, signal, output)
    case (.unsigned8, _): gather(Unsigned8.self, signal, output)
    }
  }
}

/// Frames of coded samples that make one signal.
private struct CodedSignal {
  /// The first frame.
  let frames: UnsafeRawPointer
  let count: Int
  let channels: Int
  let selection: ChannelSelection
}

/// The inner loops: for a single channel, a difference, two channels (the common case, which
/// vectorises), and the mean of any number of channels.
@inline(__always)
private func gather<Code: PCMCode, Scalar: BinaryFloatingPoint>(
  _ code: Code.Type, _ signal: CodedSignal, _ output: UnsafeMutablePointer<Scalar>
) {
  let (frames, count, channels) = (signal.frames, signal.count, signal.channels)
  let stride = channels &* Code.byteCount
  switch signal.selection {
  case .single(let channel):
    let scale = Scalar(1 / Code.fullScale)
    let first = frames + channel &* Code.byteCount
    for index in 0..<count {
      output[index] = Code.load(first + index &* stride, as: Scalar.self) * scale
    }
  case .difference(let first, let second):
    let scale = Scalar(0.5 / Code.fullScale)
    for index in 0..<count {
      let frame = frames + index &* stride
      let minuend = Code.load(frame + first &* Code.byteCount, as: Scalar.self)
      output[index] =
        (minuend - Code.load(frame + second &* Code.byteCount, as: Scalar.self)) * scale
    }
  case .mix where channels == 1:
    let scale = Scalar(1 / Code.fullScale)
    for index in 0..<count {
      output[index] = Code.load(frames + index &* Code.byteCount, as: Scalar.self) * scale
    }
  case .mix where channels == 2:
    let scale = Scalar(0.5 / Code.fullScale)
    for index in 0..<count {
      let frame = frames + index &* 2 &* Code.byteCount
      let left = Code.load(frame, as: Scalar.self)
      let right = Code.load(frame + Code.byteCount, as: Scalar.self)
      output[index] = (left + right) * scale
    }
  case .mix:
    let scale = 1 / (Code.fullScale * Double(channels))
    for index in 0..<count {
      let frame = frames + index &* stride
      var sum = 0.0
      for channel in 0..<channels {
        sum += Code.load(frame + channel &* Code.byteCount, as: Double.self)
      }
      output[index] = Scalar(sum * scale)
    }
  }
}

/// The most common case, the mean of two 16-bit channels, reads a frame as one 32-bit word.
///
/// In this form the compiler uses vector registers: measured 4 times as fast as sample by sample.
@inline(__always)
private func gatherStereo16<Scalar: BinaryFloatingPoint>(
  _ frames: UnsafeRawPointer, _ count: Int, _ output: UnsafeMutablePointer<Scalar>
) {
  let scale = Scalar(0x1p-16)
  for index in 0..<count {
    let frame = frames.loadUnaligned(fromByteOffset: 4 &* index, as: Int32.self)
    output[index] = Scalar((frame << 16) >> 16 &+ frame >> 16) * scale
  }
}
