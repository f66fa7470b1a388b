// SPDX-License-Identifier: GPL-2.0-or-later

import ArgumentParser
import WavExport
import WavSystem

/// Options that decide pages.
struct PageOptions: ParsableArguments {
  @Option(
    parsing: .unconditional,
    help: ArgumentHelp(
      "Greatest size of an .html page, such as 8M: cells of neighbouring bins with their strongest bin and their mean "
        + "power, whatever --points says; or all for every bin. (default: 8M)",
      valueName: "size"), completion: .suggestions("1M", "8M", "64M", "all"),
    transform: PageSize.init(parsing:))
  var pageSize: PageSize?

  /// The size of pages for these formats; nil if none of them is a page.
  func size(for formats: [Exporter]) throws -> PageSize? {
    guard formats.contains(where: \.isPage) else {
      if pageSize != nil {
        throw ValidationError("--page-size is for pages; write .html, or leave it out.")
      }
      return nil
    }
    return pageSize ?? .standard
  }
}

extension PageSize {
  /// The values of `--page-size`.
  init(parsing argument: String) throws {
    guard argument != "all" else {
      self = .everyBin
      return
    }
    guard let count = try? byteCount(parsing: argument) else {
      throw ValidationError("Write a number of bytes, or one with k, M or G: 8M; or all.")
    }
    guard count >= Self.least else {
      throw ValidationError(
        "A page without data has \(readableBytes(Self.emptyByteCount)); choose at least \(readableBytes(Self.least))."
      )
    }
    guard count <= Self.most else {
      throw ValidationError(
        "Browsers open at most about \(readableBytes(Self.most)); choose less.")
    }
    self = .bytes(count)
  }
}
