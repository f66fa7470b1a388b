// SPDX-License-Identifier: GPL-2.0-or-later
// Saves what is seen: numbers as CSV, the figure as SVG and PNG.

const MOST_ROWS = 200000;
const HEAD = 58;

function download(blob, extension, title) {
  const plain = (title || "").normalize("NFKD").replace(/[^A-Za-z0-9.-]+/g, "-");
  const name = plain.replace(/^[.-]+|[.-]+$/g, "").slice(0, 80) || "spectrum";
  const link = element("a", { href: URL.createObjectURL(blob), download: `${name}.${extension}` });
  link.click();
  setTimeout(() => URL.revokeObjectURL(link.href), 60000);
}

const csvField = (value) => (/[",\r\n]/.test(String(value)) ? `"${String(value).replaceAll('"', '""')}"` : String(value));

/** A text of others: an apostrophe keeps spreadsheets from taking it for a formula. */
const csvText = (text) => (/^[=+\-@\t\r]/.test(text) ? `'${text}` : text);

const csvLine = (fields) => `${fields.map(csvField).join(",")}\r\n`;

const csvNumber = (value) => (value === -Infinity ? "-inf" : Number.isFinite(value) ? String(Number(value.toPrecision(12))) : "");

const plainUnit = (model, quantity) => csvText(model.unitOf(quantity).replace(/\u00a0/g, " ").replace(/\u00b2/g, "^2"));

function curvesToCsv(view, layout) {
  const { model, state, pixel } = view;
  const scale = frequencyScale(state, layout.plot);
  const lines = [csvLine(["series", "low_hz", "high_hz", "bins", "strongest_hz", "strongest", "weakest", "mean", "unit"])];
  const edges = scale.edges(Math.max(1, Math.round(layout.plot.width / pixel)));
  for (const curve of visibleCurves(model, state)) {
    const parts = partsOf(curve, edges);
    const values = parts.reduce((sum, part) => sum + part.end - part.start, 0);
    for (const part of values <= MOST_ROWS ? parts.flatMap(singleParts) : parts) lines.push(csvLine(partFields(model, state, curve, part)));
  }
  if (model.difference) lines.push(...differenceLines(model.difference, state));
  return lines;
}

/** What stands behind the pixels, each bin once: a cell cannot be divided, so it takes its bins from its neighbours. */
function partsOf(curve, edges) {
  const parts = [];
  for (let column = 0; column + 1 < edges.length; column += 1) {
    const part = new Part();
    curve.look(edges[column], edges[column + 1], part);
    if (part.isEmpty) continue;
    let last = parts[parts.length - 1];
    if (last) part.start = Math.max(part.start, firstIndexFrom(part, last));
    while (last && !part.isEmpty && last.binAt(last.end) > part.binAt(part.start)) {
      last.end = part.binAt(part.start) - last.origin; // of single bins
      if (last.isEmpty) parts.pop();
      last = last.isEmpty ? parts[parts.length - 1] : null;
    }
    if (!part.isEmpty) parts.push(part);
  }
  return parts;
}

/** The first index of a part with a bin that the part before it does not have. */
function firstIndexFrom(part, before) {
  const bin = before.binAt(before.end);
  return bin >= part.binAt(part.end) ? part.end : Math.floor((bin - part.origin) / part.pyramid.binsPerCell);
}

function singleParts(part) {
  return Array.from({ length: part.end - part.start }, (_, index) => {
    const single = new Part();
    single.set(part.kind, part.pyramid, part.origin, part.start + index, part.start + index + 1);
    return single;
  });
}

function partFields(model, state, curve, part) {
  const { pyramid, start, end, kind } = part;
  const strongest = pyramid.strongest(start, end);
  const quantity = (level) => csvNumber(model.quantityOf(curve, state.quantity, level));
  const { hertz, doubt } = curve.place(part, strongest);
  const isBands = kind === "bands";
  const first = isBands ? curve.low[start] : curve.hertz(part.origin + start * pyramid.binsPerCell);
  const last = isBands ? curve.high[end - 1] : curve.hertz(part.origin + (end - 1) * pyramid.binsPerCell + pyramid.binsOf(end - 1) - 1);
  const weakest = kind === "bins" ? quantity(pyramid.minimum(start, end)) : "";
  const mean = curve.hasMean ? quantity(pyramid.mean(start, end)) : "";
  return [
    csvText(curve.name), first, last, isBands ? "" : part.bins, doubt > 0 ? "" : hertz, quantity(pyramid.values[strongest]),
    weakest, mean, plainUnit(model, state.quantity),
  ];
}

function differenceLines(difference, state) {
  const [start, end] = difference.rows(state.low, state.high);
  const lines = [];
  for (let row = start; row < end; row += 1) {
    if (difference.values[row] === NO_ENERGY) continue;
    const hertz = difference.frequency[row];
    lines.push(csvLine(["difference", hertz, hertz, "", hertz, csvNumber(difference.values[row] / 100), "", "", "dB"]));
  }
  return lines;
}

/** The cells in view, or blocks of columns if they are very many. */
function spectrogramToCsv({ model, state }) {
  const { spectrogram } = model;
  const [firstColumn, endColumn] = spectrogram.columnsBetween(state.start, state.end);
  const [firstRow, endRow] = spectrogram.rowsBetween(state.low, state.high);
  const block = Math.max(1, Math.ceil(((endColumn - firstColumn) * (endRow - firstRow)) / (2 * MOST_ROWS)));
  const reduced = spectrogram.isMean ? meanOf : greatestOf;
  const line = new Int16Array(spectrogram.rows);
  const lines = [csvLine(["start_s", "end_s", "low_hz", "high_hz", "level", "unit"])];
  const unit = plainUnit(model, "level");
  const time = (column) => spectrogram.start + column * spectrogram.perColumn;
  for (let column = firstColumn; column < endColumn; column += block) {
    const next = Math.min(column + block, endColumn);
    reduced(line, spectrogram.levels[0].values, spectrogram.rows, column, next, firstRow, endRow);
    for (let row = firstRow; row < endRow; row += 1) {
      const level = line[row] === NO_ENERGY ? -Infinity : line[row] / 100 + (model.reference?.offset_db ?? 0);
      const [low, high] = spectrogram.edges.subarray(row, row + 2);
      lines.push(csvLine([csvNumber(time(column)), csvNumber(time(next)), low, high, csvNumber(level), unit]));
    }
  }
  return lines;
}

/** The figure with its title, as it goes into a document. */
function drawDocument(pen, app, width, height) {
  const { model, state, theme, view } = app;
  const layout = drawFigure(pen, view, width, height + HEAD, HEAD);
  const { description } = model;
  pen.text(description.title ?? "", 16, 26, { fill: theme.ink, size: 17, weight: 600 });
  pen.text(description.subtitle ?? "", 16, 46, { fill: theme.soft });
  if (model.curves.length > 1) drawLegend(pen, app, layout);
  if (state.isHeld || state.mark !== null) {
    const { cursor, mark } = app.readCursors(layout);
    drawCursors(pen, view, layout, cursor, mark);
  }
}

function drawLegend(pen, { model, state, theme, view }, { plot }) {
  let x = plot.left + plot.width;
  for (const curve of visibleCurves(model, state).reverse()) {
    const name = curve.name.length > 32 ? `${curve.name.slice(0, 31)}\u2026` : curve.name;
    x -= view.measure(name);
    pen.text(name, x, plot.top - 10, { fill: theme.ink });
    pen.boxes([x - 20, plot.top - 15.5, 14, 3], { fill: theme.curves[curve.index] });
    x -= 34;
  }
}

const SAVERS = {
  csv(app) {
    const lines = app.model.kind === "spectrogram" ? spectrogramToCsv(app.view) : curvesToCsv(app.view, app.layout);
    download(new Blob(lines, { type: "text/csv" }), "csv", app.model.description.title);
  },
  svg(app) {
    const pen = new VectorPen(app.width, app.height + HEAD, app.model.description.title ?? "");
    drawDocument(pen, app, app.width, app.height);
    download(new Blob([pen.source], { type: "image/svg+xml" }), "svg", app.model.description.title);
  },
  png(app) {
    const canvas = element("canvas", { width: Math.round(2 * app.width), height: Math.round(2 * (app.height + HEAD)) });
    const context = canvas.getContext("2d");
    context.scale(2, 2);
    drawDocument(new CanvasPen(context), app, app.width, app.height);
    canvas.toBlob((blob) => blob && download(blob, "png", app.model.description.title), "image/png");
  },
};
