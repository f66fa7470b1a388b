// SPDX-License-Identifier: GPL-2.0-or-later

import WavAnalysis
import WavAudio
@_exported import WavSamples
@_exported import WavSpectrum

/// A recording in a file: anything that libsndfile reads.
///
/// Opening reads the header; samples are read when a spectrum is computed. Threads must not share a
/// recording, but each thread may open its own, also of the same file.
public final class Recording {
  /// Path of the file.
  public let path: String
  /// Frames per second, in Hz.
  public var sampleRate: Int { file.sampleRate }
  /// Number of channels.
  public var channels: Int { file.channels }
  /// Number of frames.
  public var frames: Int { file.frames }
  /// Length in seconds.
  public var duration: Double { Double(frames) / Double(sampleRate) }
  /// How the samples are stored, such as `Signed 16 bit PCM`.
  public var encoding: String { file.encoding }

  private let file: SoundFile
  private let salvages: Bool

  /// Opens a recording.
  ///
  /// A file that crashes libsndfile crashes the process; the command `wavfft` first tries files in
  /// a process of its own.
  ///
  /// - Parameters:
  ///   - path: Path of the file.
  ///   - salvaging: Whether what is left of a truncated recording is used. Otherwise such a recording has a
  ///     spectrum only of a part that ends before the damage.
  /// - Throws: ``WavFFTError`` when there is no such file, or it is not usable audio.
  public init(path: String, salvaging: Bool = false) throws(WavFFTError) {
    self.path = path
    salvages = salvaging
    do {
      file = try SoundFile(.file(path), isSalvaging: salvaging)
    } catch {
      throw WavFFTError(error)
    }
  }

  /// Computes the spectrum of the recording, or of a part of it.
  ///
  /// - Parameters:
  ///   - options: What is computed, and how.
  ///   - paths: Files to write, each in the format of its extension (`csv`, `json`, `npy`, `svg`, `png`,
  ///     `pdf`, `html`), as `wavfft --out` does: complete, or not at all. With ``SpectrumOptions/rows`` `.all`
  ///     tables have a row for every bin. The libraries that draw `png` and `pdf` may start threads, in this
  ///     process unless there are ``SpectrumOptions/workers``.
  /// - Returns: The spectrum, its peaks and what else is known.
  /// - Throws: ``WavFFTError`` when an option is out of range or does not fit the recording, memory is short,
  ///   or an output cannot be written.
  /// - Complexity: O(N log N) for N samples; memory of about 4 N bytes in single precision and 8 N in double,
  ///   more for an exact length with a large prime factor. With segments of L samples O(N log L) and some 100 L
  ///   bytes, whatever N is, but for medians, which keep the powers of all segments.
  public func spectrum(
    _ options: SpectrumOptions = SpectrumOptions(), writing paths: [String] = []
  ) throws(WavFFTError) -> RecordingSpectrum {
    do {
      try options.check()
      var request = options.request(path: path)
      request.salvages = salvages
      let outputs = try paths.map { try SpectrumOutput(path: $0) }
      return RecordingSpectrum(
        try analyze(request, outputs: outputs, opened: file))
    } catch {
      throw WavFFTError(error)
    }
  }
}
