// SPDX-License-Identifier: GPL-2.0-or-later
// The parts of the document around the figure. All texts go in as text, never as markup.

function swatch(colour) {
  const node = element("span", { className: "swatch" });
  node.style.background = colour;
  return node;
}

function fillFrame(model) {
  const { description } = model;
  setText(byId("title"), description.title ?? "");
  setText(byId("subtitle"), description.subtitle ?? "");
  setText(byId("summary"), [description.text, description.emptiness].filter(Boolean).join(" "));
  setText(byId("program"), description.program ? `Written by ${description.program}.` : "");
  setText(byId("loss"), model.loss?.text ?? "");
  setText(byId("verdict"), model.difference?.verdict ?? model.spectrogram?.entry.text ?? "");
  const kinds = { lines: "Spectrum", comparison: "Comparison of two spectra", spectrogram: "Spectrogram" };
  byId("plot").setAttribute("aria-label", `${kinds[model.kind]}: ${description.title ?? ""}`);
  for (const [name, value] of description.facts ?? []) {
    byId("facts-rows").append(element("tr", {}, element("th", { scope: "row", textContent: name }), element("td", { textContent: value })));
  }
  byId("remarks").append(...(description.remarks ?? []).map((textContent) => element("li", { textContent })));
  byId("facts-section").hidden = (description.facts ?? []).length + (description.remarks ?? []).length === 0;
}

/** Hides what the page has no numbers for. */
function hideControls(model) {
  const isLines = model.kind !== "spectrogram";
  byId("quantity-choice").hidden = !isLines;
  document.querySelector('[name="quantity"][value="density"]').disabled = !model.hasDensity;
  byId("fit").hidden = !isLines;
  byId("range-choice").hidden = !isLines || !model.hasAllBins;
  byId("mean-choice").hidden = !isLines || !model.hasMean;
  byId("bands-choice").hidden = !isLines || model.bands.length === 0;
  setText(byId("bands-name"), model.description.bands_title ?? "Third-octave bands");
  byId("colour-range").hidden = isLines;
  byId("curves-section").hidden = !isLines || model.curves.length === 0;
  byId("peaks-section").hidden = model.curves.every((curve) => curve.peaks.length === 0);
  setText(byId("colour-unit"), isLines ? "" : model.unitOf("level"));
}

function describeCurve(curve) {
  if (curve instanceof BandCurve) return `${counted(curve.count, "band", "bands")}; the page has the level of each`;
  const bins = `${counted(curve.end - curve.first, "bin", "bins")}, ${compact(curve.step)} Hz apart`;
  if (curve.binsPerCell === 1) return `${bins}; every bin is in the page`;
  const details = curve.details.length > 0 ? `, and every bin of ${counted(curve.details.length, "range", "ranges")} around peaks` : "";
  return `${bins}; the page has the strongest and the mean of each ${grouped(curve.binsPerCell)}${details}`;
}

function fillCurves(app) {
  const { model, state } = app;
  byId("curves").append(...model.curves.map((curve) => {
    const box = element("input", { type: "checkbox", id: `curve-${curve.index}`, checked: true });
    box.addEventListener("change", () => {
      if (box.checked) state.hidden.delete(curve.index);
      else state.hidden.add(curve.index);
      app.changed();
    });
    const radio = element("input", { type: "radio", name: "active", id: `active-${curve.index}`, title: "The cursor follows this curve" });
    radio.setAttribute("aria-label", `The cursor follows ${curve.name}`);
    radio.hidden = model.curves.length < 2;
    radio.addEventListener("change", () => {
      state.active = curve.index;
      fillPeaks(app);
      app.changed();
    });
    const note = [describeCurve(curve), curve.entry.amplitude_note].filter(Boolean).join(". ");
    return element("li", {}, box, element("span", { className: "swatch", id: `swatch-${curve.index}` }),
      element("label", { htmlFor: box.id, textContent: curve.name }), radio, element("small", { textContent: note }));
  }));
}

/** The table of the peaks of the curve that the cursor follows, strongest first. */
function fillPeaks(app) {
  const { model, state } = app;
  const curve = model.curves[state.active] ?? model.curves[0];
  if (!curve) return;
  setText(byId("peaks-of"), model.curves.length > 1 ? `of ${curve.name}` : "");
  const heads = ["Hz", model.unitOf("level"), "Over floor", "Note, cents", "Shape"];
  byId("peaks-head").replaceChildren(element("tr", {}, ...heads.map((textContent) => element("th", { scope: "col", textContent }))));
  const offset = model.reference?.offset_db ?? 0;
  const ordered = curve.peaks.map((peak, index) => ({ peak, index })).sort((a, b) => b.peak.level_dbfs - a.peak.level_dbfs);
  byId("peaks-rows").replaceChildren(...ordered.map(({ peak, index }) => {
    const hertz = fixed(peak.frequency_hz, clamp(decimalsOf(curve.step), 1, 4));
    const button = element("button", { type: "button", textContent: hertz });
    button.setAttribute("aria-label", `Go to ${hertz} Hz`);
    button.addEventListener("click", () => app.jumpToPeak(curve, index));
    const cells = [
      typeof peak.level_dbfs === "number" ? fixed(peak.level_dbfs + offset, 2) : "",
      typeof peak.above_floor_db === "number" ? fixed(peak.above_floor_db, 1) : "",
      peak.note === undefined ? "" : `${peak.note} ${typeof peak.cents === "number" ? signed(peak.cents, 1) : ""}`,
      peak.shape ?? "",
    ];
    const row = element("tr", {}, element("td", {}, button), ...cells.map((textContent) => element("td", { textContent })));
    row.dataset.peak = index;
    return row;
  }));
}

function showControls(app) {
  const { model, state, theme } = app;
  for (const [name, value] of [["axis", state.axis], ["quantity", state.quantity]]) {
    for (const input of document.querySelectorAll(`[name="${name}"]`)) input.checked = input.value === value;
  }
  for (const name of SWITCHES) byId(name).checked = state[name];
  byId("harmonics").setAttribute("aria-pressed", String(state.harmonics !== null));
  byId("mark").setAttribute("aria-pressed", String(state.mark !== null));
  byId("bands").disabled = state.quantity === "density"; // a band has a power, not a density
  byId("back").disabled = state.history.length === 0;
  for (const name of ["coldest", "hottest"]) if (document.activeElement !== byId(name)) byId(name).value = state[name];
  for (const curve of model.curves) {
    byId(`curve-${curve.index}`).checked = !state.hidden.has(curve.index);
    byId(`active-${curve.index}`).checked = state.active === curve.index;
    byId(`swatch-${curve.index}`).style.background = theme.curves[curve.index];
  }
  setText(byId("explanation"), explanationOf(model, state));
}

function explanationOf(model, state) {
  if (model.kind === "spectrogram") return "";
  const hasMany = model.curves.some((curve) => curve instanceof GridCurve && curve.count > 0);
  const difference = model.difference
    ? "The difference is the greatest of single rows behind the pixel; it need not equal the difference of the two strongest levels."
    : "";
  if (!hasMany) return difference;
  const lacks = state.quantity === "density" && model.curves.some((curve) => curve.densityOffset === undefined);
  const rises = state.axis === "log" ? ", and the curve of even noise rises to the right, where a pixel of a log axis holds more bins" : "";
  const mean = state.mean ? " The second curve is the mean power of the bins: read noise from it." : "";
  return "The line is the strongest of the bins behind each pixel: among many bins of noise the strongest lies above "
    + `their mean${rises}.${mean}${lacks ? " Curves without a density are not shown." : ""}${difference && ` ${difference}`}`;
}

function showReadout({ theme }, rows, isHeld) {
  const body = byId("readout-rows");
  while (body.rows.length > rows.length) body.lastElementChild.remove();
  while (body.rows.length < rows.length) {
    const head = element("th", { scope: "row" }, element("span", { className: "swatch" }), element("span"));
    body.append(element("tr", {}, head, element("td"), element("td"), element("td")));
  }
  rows.forEach((row, index) => {
    const [head, cursor, mark, difference] = body.rows[index].cells;
    head.firstChild.hidden = row.colour == null;
    if (row.colour != null) head.firstChild.style.background = theme.curves[row.colour];
    setText(head.lastChild, row.label);
    setText(cursor, row.cursor);
    setText(mark, row.mark);
    setText(difference, row.difference);
  });
  byId("readout").classList.toggle("empty", rows.every((row) => !row.cursor && !row.mark));
  setText(byId("cursor-head"), isHeld ? "Cursor, held" : "Cursor");
}

const KEYS = [
  ["\u2190 \u2192", "move the cursor by a pixel or a bin; with Shift by twenty pixels"],
  ["\u2191 \u2193", "move the levels, with Shift stretch them; in a spectrogram move the cursor"],
  ["+ \u2212", "zoom in and out around the cursor"],
  ["[ ]", "show more or fewer dB of the differences of a comparison"],
  ["Home End", "cursor to the left or right end of the view"],
  ["Page Up, Page Down", "move the view"],
  ["Backspace", "back to the view before"],
  ["0", "reset to the whole band"],
  ["N P", "next and previous peak"],
  ["M", "set the mark, the second cursor, or take it away"],
  ["H", "harmonics of the frequency at the cursor"],
  ["L", "log or linear axis"],
  ["Q", "level, amplitude or density"],
  ["F", "fit the levels to what is seen"],
  ["C", "the cursor follows the next curve"],
  ["Enter", "hold the cursor, or let it follow the pointer"],
  ["Escape", "take away cursor and mark"],
  ["Wheel, pinch", "zoom; over the level axis, or with Shift, the levels; over an axis of a spectrogram, this axis"],
  ["Drag", "move the view; with Shift, or with \u201cDrag zooms\u201d, zoom into a range"],
  ["Click", "hold the cursor at the strongest bin of this pixel"],
];

function fillHelp() {
  const isGesture = (keys) => /^(Wheel|Drag|Click)/.test(keys);
  const head = (keys) => element("th", { scope: "row" }, isGesture(keys) ? keys : element("kbd", { textContent: keys }));
  const rows = KEYS.map(([keys, textContent]) => element("tr", {}, head(keys), element("td", { textContent })));
  document.querySelector("#help-keys tbody").append(...rows);
}
