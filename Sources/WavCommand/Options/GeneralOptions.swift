// SPDX-License-Identifier: GPL-2.0-or-later

import ArgumentParser

/// Options of every command that prints a report.
struct GeneralOptions: ParsableArguments {
  @Option(
    help: ArgumentHelp(
      "Colours in what is printed: auto (on a terminal, unless NO_COLOR is set), always or never.",
      valueName: "when"))
  var color = ColorOption.auto

  @Flag(help: "Ignore the file of defaults, ~/.config/wavfft/config or that of WAVFFT_CONFIG.")
  var noConfig = false
}

/// The values of `--color`.
enum ColorOption: String, ExpressibleByArgument, CaseIterable {
  case auto
  case always
  case never
}
