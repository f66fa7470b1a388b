// SPDX-License-Identifier: GPL-2.0-or-later

import CPageAssets

/// A text of pages that is part of the program.
struct PageAsset: @unchecked Sendable {
  /// Its bytes, UTF-8, which are there as long as the program runs.
  let bytes: UnsafeRawBufferPointer
  /// The source of a content security policy that allows this text: `'sha256-…'`.
  let source: String

  private init(_ asset: page_asset) {
    bytes = UnsafeRawBufferPointer(start: asset.start, count: asset.count)
    source = "'sha256-\(Base64.text(of: SHA256.digest(of: bytes)))'"
  }

  /// The frame of the application: the body before the data.
  static let frame = PageAsset(page_asset_frame())
  /// The style sheet.
  static let style = PageAsset(page_asset_style())
  /// The script of the application.
  static let script = PageAsset(page_asset_script())
  /// The script behind each element of data.
  static let decoder = PageAsset(page_asset_decoder())
  /// The frame of an index.
  static let indexFrame = PageAsset(page_asset_index_frame())
  /// The style sheet of an index, which begins with that of all pages.
  static let indexStyle = PageAsset(page_asset_index_style())
  /// The script of an index.
  static let indexScript = PageAsset(page_asset_index_script())
}

/// The texts that make an application of a page's data.
struct PageApplication {
  /// The body before the data.
  let frame: PageAsset
  /// The style sheet.
  let style: PageAsset
  /// The script behind the data.
  let script: PageAsset

  /// Shows a figure.
  static let figure = PageApplication(frame: .frame, style: .style, script: .script)
  /// Lists recordings.
  static let index = PageApplication(
    frame: .indexFrame, style: .indexStyle, script: .indexScript)
}
