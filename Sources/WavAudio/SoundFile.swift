// SPDX-License-Identifier: GPL-2.0-or-later

import CSndfile
import Glibc
import SystemPackage
import WavSystem

/// An audio file, opened for reading through libsndfile.
public final class SoundFile {
  /// Path as the user gave it.
  public let path: String
  /// Frames per second, in Hz.
  public let sampleRate: Int
  /// Samples in a frame.
  public let channels: Int
  /// Number of frames that can be read.
  public private(set) var frames: Int
  /// What a truncated recording lacks; nil if it is complete, as far as is known.
  ///
  /// For compressed files this is known only if they were opened with `isSalvaging`.
  public private(set) var truncation: Truncation?
  /// Container, in libsndfile's words: `WAV (Microsoft)`.
  public let container: String
  /// Coding of the samples, in libsndfile's words: `Signed 16 bit PCM`.
  public let encoding: String
  /// Bits in a sample of linear PCM or floating point; nil for other codings.
  public let bitsPerSample: Int?
  /// Whether the coding changes the samples: Vorbis, Opus, MPEG, ADPCM and the like.
  public let isLossy: Bool

  /// Files of more bytes may be larger than memory.
  private static let largeByteCount = 64 << 20

  let handle: OpaquePointer
  let file: OpenFile
  let byteCount: Int
  /// Size of the file in bytes.
  public var sizeInBytes: Int { byteCount }
  let repair: HeaderRepair?
  /// What libsndfile reads instead of the file; nil if it reads the file itself.
  let stream: RepairedStream?
  /// Bytes that are read: all, or for an Ogg file that is salvaged, those before its first damage.
  private(set) var readableByteCount: Int
  /// Whether the rest of a truncated recording is accepted.
  let isSalvaging: Bool
  /// Whether the frames were counted, because the header has no number of frames or a wrong one.
  private(set) var isCounted = false
  private let location: FilePath?
  /// The identity of the file when it was opened.
  private let identity: FileIdentity
  let format: Int32

  /// Opens a file and reads its header.
  ///
  /// - Parameters:
  ///   - source: The file.
  ///   - isSalvaging: Whether to accept the rest of a truncated recording.
  ///   - counting: Counts the frames if the header does not give their number: ``countFrames()``,
  ///     possibly in a process of its own.
  /// - Throws: ``AudioError`` when there is no such file, or it is not usable audio.
  public init(
    _ source: AudioSource, isSalvaging: Bool = false,
    counting: (SoundFile) throws(AudioError) -> Int = { file throws(AudioError) in
      file.countFrames()
    }
  ) throws(AudioError) {
    path = source.name
    file = try source.open()
    let descriptor = file.descriptor
    identity = try source.reading { try FileIdentity(descriptor) }
    location = source.path
    byteCount = identity.byteCount
    guard byteCount > 0 else { throw AudioError(.unusable, "\(path) is empty (0 bytes)") }
    readableByteCount = byteCount
    // The kernel would read megabytes behind the header and before the end, and leave them in the page
    // cache, of a file that may be read in pieces that do not stay there.
    if byteCount > Self.largeByteCount {
      posix_fadvise(descriptor.rawValue, 0, 0, POSIX_FADV_RANDOM)
    }
    self.isSalvaging = isSalvaging
    var info = SF_INFO()
    let quiet = QuietStandardError()
    defer { quiet.end() }
    let repair = HeaderRepair(ChunkReader(descriptor: descriptor, byteCount: byteCount))
    self.repair = repair
    stream = repair.map { [byteCount] in
      RepairedStream(descriptor, byteCount: byteCount, $0)
    }
    guard
      let handle = stream?.open(&info) ?? sf_open_fd(descriptor.rawValue, Int32(SFM_READ), &info, 0)
    else {
      let isMalformed = Int(sf_error(nil)) == SF_ERR_MALFORMED_FILE
      throw AudioError(
        .unusable,
        "\(path) is not audio that libsndfile can read: \(Self.reason(nil))"
          + (isMalformed
            ? ""
            : "; ffmpeg reads more formats: ffmpeg -i \(source.argument) -f wav - | wavfft -"))
    }
    self.handle = handle
    format = info.format
    sampleRate = Int(info.samplerate)
    channels = Int(info.channels)
    frames = Int(info.frames)
    container = Self.formatName(format & Int32(SF_FORMAT_TYPEMASK))
    encoding = Self.formatName(format & Int32(SF_FORMAT_SUBMASK))
    bitsPerSample = Self.bitsPerSample(format & Int32(SF_FORMAT_SUBMASK))
    isLossy = bitsPerSample == nil && !Self.isLossless(format)
    if sampleLayout() == nil { posix_fadvise(descriptor.rawValue, 0, 0, POSIX_FADV_NORMAL) }
    // From here on deinit closes everything that is open.
    guard sampleRate > 0 else {
      throw AudioError(.unusable, "\(path) has a sampling rate of \(sampleRate) Hz; it must be > 0")
    }
    guard channels > 0 else {
      throw AudioError(.unusable, "\(path) has \(channels) channels; it must have at least one")
    }
    try settleFrames(counting)
    guard frames > 0 else {
      throw AudioError(.unusable, "\(path) holds no samples, only a header")
    }
  }

  /// Opens the file at a path.
  ///
  /// - Throws: ``AudioError`` when there is no such file, or it is not usable audio.
  public convenience init(path: String) throws(AudioError) { try self.init(.file(path)) }

  /// Determines how many frames there are, and how many there should be.
  private func settleFrames(
    _ counting: (SoundFile) throws(AudioError) -> Int
  ) throws(AudioError) {
    let type = Int(format & Int32(SF_FORMAT_TYPEMASK))
    // The densest lossless coding, FLAC of silence, has about 5000 frames per byte.
    let isCredible = frames / 8192 <= byteCount
    switch type {
    case SF_FORMAT_OGG:
      if !endsWithLastOggPage() { truncation = .unknown }
      let damage = isSalvaging ? firstOggDamage() : nil
      if let damage { readableByteCount = damage }
      let promised = frames
      if !isCredible || damage != nil || (isSalvaging && truncation != nil) { try count(counting) }
      guard damage != nil else { break }
      guard frames > 0 else {
        throw AudioError(.unusable, "\(path) holds no samples before the place where it is damaged")
      }
      if truncation == nil {
        truncation = isCredible && frames < promised ? .frames(promised - frames) : .unknown
      }
    case SF_FORMAT_MPEG:
      // Without a number in the first frame libsndfile estimates.
      let hasCount = hasMPEGFrameCount() && isCredible
      let promised = frames
      if !hasCount || isSalvaging { try count(counting) }
      // A decoder may leave out the padding of the last frames.
      if hasCount, isCounted, frames + 4 * 1152 < promised {
        truncation = .frames(promised - frames)
      }
    case SF_FORMAT_FLAC:
      // The header of a FLAC stream may leave the length open; libsndfile then gives `Int.max`.
      let isOpen = frames == .max
      guard isCredible || isOpen else { throw cannotHold() }
      let promised = frames
      if isOpen || isSalvaging { try count(counting) }
      if !isOpen, isCounted, frames < promised { truncation = .frames(promised - frames) }
    default:
      guard isCredible else { throw cannotHold() }
      guard let promised = chunks.promisedByteCount(), promised > byteCount else { return }
      let frameBytes = channels * (bitsPerSample ?? 0) / 8
      truncation =
        frameBytes > 0
        ? .frames((promised - byteCount + frameBytes - 1) / frameBytes) : .unknown
    }
  }

  private func count(_ counting: (SoundFile) throws(AudioError) -> Int) throws(AudioError) {
    frames = try counting(self)
    isCounted = true
  }

  private func cannotHold() -> AudioError {
    AudioError(
      .unusable,
      "\(path) is truncated or damaged: its \(byteCount) bytes cannot hold the frames it promises")
  }

  /// Access to the headers of the file.
  var chunks: ChunkReader { ChunkReader(descriptor: file.descriptor, byteCount: byteCount) }

  /// The part of the file that libsndfile reads.
  var view: FileView {
    FileView(
      repair: repair, byteCount: readableByteCount,
      isWhole: repair == nil && readableByteCount == byteCount)
  }

  deinit {
    sf_close(handle)
  }

  /// The version of libsndfile in use, such as `libsndfile-1.2.0`.
  public static var libraryVersion: String { String(cString: sf_version_string()) }

  /// Extensions, in lower case, of the files that libsndfile reads without further information.
  public static var extensions: Set<String> { Set(SoundFormat.all.flatMap(\.extensions)) }

  /// Whether the file has been written to, truncated or replaced since it was opened.
  public func hasChanged() -> Bool {
    guard let own = try? FileIdentity(file.descriptor) else { return true }
    // A file that was moved or removed is still readable through its descriptor.
    guard let location, let current = try? FileIdentity(location) else {
      return !own.hasSameContents(as: identity)
    }
    return own != identity || current != identity
  }

  /// How to use the intact part of a damaged file.
  ///
  /// Only for some formats are the decodable frames counted.
  var remedy: Sentence {
    let type = Int(format & Int32(SF_FORMAT_TYPEMASK))
    return !isSalvaging && [SF_FORMAT_OGG, SF_FORMAT_MPEG, SF_FORMAT_FLAC].contains(type)
      ? "analyse what is there with \(.salvage)" : "analyse a part before that with \(.duration)"
  }

  /// libsndfile's last error as a clause; with a nil `handle`, the error of opening a file.
  static func reason(_ handle: OpaquePointer?) -> String {
    var text = String(cString: sf_strerror(handle))
    // libsndfile's message for a header with an impossible rate or channel count.
    if text.contains("SF_INFO struct incomplete") {
      return "its header gives no valid sampling rate and channel count"
    }
    if text.contains("not a regular file") { return "its contents are damaged" }
    while let last = text.last, last == "." || last.isWhitespace { text.removeLast() }
    return text.prefix(1).lowercased() + text.dropFirst()
  }

  private static func formatName(_ format: Int32) -> String {
    var info = SF_FORMAT_INFO()
    info.format = format
    let size = Int32(MemoryLayout<SF_FORMAT_INFO>.size)
    guard sf_command(nil, Int32(SFC_GET_FORMAT_INFO), &info, size) == 0, let name = info.name
    else { return "unknown" }
    return String(cString: name)
  }

  private static func bitsPerSample(_ subtype: Int32) -> Int? {
    switch Int(subtype) {
    case SF_FORMAT_PCM_S8, SF_FORMAT_PCM_U8, SF_FORMAT_DPCM_8: 8
    case SF_FORMAT_PCM_16, SF_FORMAT_DPCM_16, SF_FORMAT_ALAC_16: 16
    case SF_FORMAT_ALAC_20: 20
    case SF_FORMAT_PCM_24, SF_FORMAT_ALAC_24: 24
    case SF_FORMAT_PCM_32, SF_FORMAT_FLOAT, SF_FORMAT_ALAC_32: 32
    case SF_FORMAT_DOUBLE: 64
    default: nil
    }
  }

  /// The full scale of the samples; nil for lossy codings, which have none.
  var fullScale: FullScale? {
    switch Int(format & Int32(SF_FORMAT_SUBMASK)) {
    case SF_FORMAT_FLOAT, SF_FORMAT_DOUBLE: .floatingPoint
    default: isLossy ? nil : bitsPerSample.map { .integers(bits: $0) }
    }
  }

  private static func isLossless(_ format: Int32) -> Bool {
    Int(format & Int32(SF_FORMAT_TYPEMASK)) == SF_FORMAT_FLAC
  }
}
