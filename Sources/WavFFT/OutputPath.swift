// SPDX-License-Identifier: GPL-2.0-or-later

import WavAnalysis
import WavExport
import WavSystem

/// A path whose extension belongs to no format.
struct UnknownFormat: ExplainedError {
  let path: String

  var kind: ErrorKind { .request }
  var sentence: Sentence {
    let extensions = Exporter.ofLines.flatMap(\.extensions).map { ".\($0)" }
    return "\(path) has no extension of a format; choose \(extensions.joined(separator: ", "))"
  }
}

extension SpectrumOutput {
  /// An output in the format of its path's extension.
  init(path: String) throws {
    guard let format = Exporter(extension: fileExtension(of: path)), format.takesLines else {
      throw UnknownFormat(path: path)
    }
    self.init(format: format, file: try OutputFile(path: path))
  }
}
