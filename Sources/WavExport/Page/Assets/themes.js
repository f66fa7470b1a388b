// SPDX-License-Identifier: GPL-2.0-or-later
// Colours of figures: those of the other figures of wavfft, and eight for curves that also colour-blind people tell
// apart (after Okabe and Ito, darkened or lightened until each has a contrast of 3 with its page).

const LIGHT = {
  page: "#ffffff", ink: "#1b1f24", soft: "#57606a", rule: "#d8dee4", faint: "#eef1f4", lost: "#b3261e", mean: "#a65300",
  blackKey: "#57606a", whiteKey: "#f6f8fa", band: "#8a6d3b",
  curves: ["#0b62c4", "#c94f00", "#00805e", "#a8479b", "#8a6a00", "#1b87c9", "#1b1f24", "#7a5540"],
};

const DARK = {
  page: "#10141a", ink: "#e6edf3", soft: "#9aa5b1", rule: "#2a313b", faint: "#1b212a", lost: "#ff8a80", mean: "#ffb366",
  blackKey: "#07090c", whiteKey: "#39424e", band: "#e0c48a",
  curves: ["#6cb6ff", "#ff9d5c", "#4fd1a5", "#e7a3d2", "#f0c94a", "#a5e0ff", "#e6edf3", "#c9a68e"],
};

const prefersDark = matchMedia("(prefers-color-scheme: dark)");

const chosenTheme = () => document.documentElement.dataset.theme ?? "auto";

const isDark = () => chosenTheme() === "dark" || (chosenTheme() === "auto" && prefersDark.matches);

/** Viridis of Stéfan van der Walt and Nathaniel Smith, at 17 places; what is between them is interpolated. */
const VIRIDIS = [
  "440154", "48186a", "472d7b", "424086", "3b528b", "33638d", "2c728e", "26828e", "21918c",
  "1f9f88", "27ad81", "3dbc74", "5cc863", "81d34d", "aadc32", "d5e21a", "fde725",
];

/** 256 colours as 32-bit numbers of image data. */
function heatColours() {
  const channel = (hex, at) => parseInt(hex.slice(at, at + 2), 16);
  return Uint32Array.from({ length: 256 }, (_, index) => {
    const place = (index / 255) * (VIRIDIS.length - 1);
    const below = Math.min(Math.floor(place), VIRIDIS.length - 2);
    const [red, green, blue] = [0, 2, 4].map((at) => Math.round(
      channel(VIRIDIS[below], at) + (place - below) * (channel(VIRIDIS[below + 1], at) - channel(VIRIDIS[below], at))));
    return ((255 << 24) | (blue << 16) | (green << 8) | red) >>> 0;
  });
}

const HEAT = heatColours();
