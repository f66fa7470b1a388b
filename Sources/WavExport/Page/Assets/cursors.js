// SPDX-License-Identifier: GPL-2.0-or-later
// The two cursors: what stands at them, their lines in the figure, and the table below it.

/** Values of all curves behind the pixel around a frequency. */
function readCurves(view, layout, hertz) {
  const { model, state, pixel } = view;
  const scale = frequencyScale(state, layout.plot);
  const step = layout.plot.width / Math.max(1, Math.round(layout.plot.width / pixel));
  const column = scale.column(hertz, step);
  const edge = (index) => scale.value(layout.plot.left + index * step);
  const curves = visibleCurves(model, state);
  const readings = new Map(curves.map((curve) => [curve.index, model.read(curve, scale, step, hertz)]));
  const active = readings.has(state.active) ? state.active : curves[0]?.index;
  return {
    active, readings, column,
    difference: model.difference?.read(edge(column), edge(column + 1)),
    main: readings.get(active) ?? null,
  };
}

function readSpectrogram(view, layout, hertz, seconds) {
  const { model, state, pixel } = view;
  const { plot } = layout;
  const time = timeScale(state, plot);
  const frequency = upwardScale(state, plot);
  const x = plot.left + Math.floor((time.x(seconds) - plot.left) / pixel) * pixel;
  const y = plot.top + Math.floor((frequency.x(hertz) - plot.top) / pixel) * pixel;
  return model.spectrogram.read(time.value(x), time.value(x + pixel), frequency.value(y + pixel), frequency.value(y));
}

/** The rows of the table: `{label, colour, cursor, mark, difference}`. */
function curveRows(view, cursor, mark) {
  const { model, state } = view;
  const curve = model.curves[cursor?.active ?? mark?.active ?? 0];
  const a = cursor?.main;
  const b = mark?.main;
  const rows = [
    {
      label: "Frequency", cursor: a ? model.frequencyText(a, curve) : "", mark: b ? model.frequencyText(b, curve) : "",
      difference: a && b ? hertzBetween(a, b, decimalsOf(curve.step)) : "",
    },
    {
      label: "Note", cursor: a ? noteText(a.hertz, model.a4, a.doubt) : "", mark: b ? noteText(b.hertz, model.a4, b.doubt) : "",
      difference: centsBetween(a, b),
    },
  ];
  const unit = model.unitOf(state.quantity);
  for (const shown of visibleCurves(model, state)) {
    const first = cursor?.readings.get(shown.index);
    const second = mark?.readings.get(shown.index);
    const label = model.curves.length > 1 ? shown.name : QUANTITIES[state.quantity].name;
    const colour = model.curves.length > 1 ? shown.index : null;
    rows.push(levelRow(view, shown, { label, colour, unit }, first, second, (reading) => reading.level));
    if (state.range && model.curves.length === 1 && model.hasAllBins) {
      rows.push(levelRow(view, shown, { label: "Weakest bin", colour, unit }, first, second, (reading) => reading.weakest));
    }
    const mean = { label: model.curves.length > 1 ? `${shown.name}, mean` : "Mean of bins", colour, unit };
    if (state.mean && shown.hasMean) rows.push(levelRow(view, shown, mean, first, second, (reading) => reading.mean));
  }
  if (model.difference) rows.push(differenceRow(cursor?.difference, mark?.difference, decimalsOf(curve.step)));
  if (state.bands) rows.push(bandRow(model, model.bandsOf(curve.index), a, b));
  return rows;
}

const hertzBetween = (a, b, decimals) => `${doubtful(signed, a.hertz - b.hertz, a.doubt + b.doubt, decimals)} Hz`;

function centsBetween(a, b) {
  if (!(a && b && a.hertz > 0 && b.hertz > 0)) return "";
  const doubt = centsOfDoubt(a.hertz, a.doubt) + centsOfDoubt(b.hertz, b.doubt);
  return doubt > MOST_CENTS ? "" : `${doubtful(signed, 1200 * Math.log2(a.hertz / b.hertz), doubt, 2)} cents`;
}

function levelRow({ model, state }, curve, { label, colour, unit }, first, second, levelOf) {
  const text = (reading) => (reading ? withUnit(model.quantityText(curve, state.quantity, levelOf(reading)), unit) : "");
  return {
    label, colour, cursor: text(first), mark: text(second),
    difference: first && second ? levelDifference(levelOf(first), levelOf(second), state.quantity) : "",
  };
}

const withUnit = (text, unit) => (/\d/.test(text) ? `${text} ${unit}` : text);

function levelDifference(a, b, quantity) {
  if (a === NO_ENERGY || b === NO_ENERGY) return "\u2013";
  const decibels = `${signed((a - b) / 100, 2)} dB`;
  return quantity === "amplitude" ? `\u00d7 ${compact(10 ** ((a - b) / 2000))} (${decibels})` : decibels;
}

function differenceRow(a, b, decimals) {
  const text = (reading) => {
    if (!reading) return "";
    const limit = reading.tolerance === NO_LIMIT ? "no limit" : `\u00b1${fixed(reading.tolerance / 100, 2)} allowed`;
    const where = `at ${fixed(reading.hertz, decimals)} Hz`;
    return `${differenceText(reading.difference)} ${where} (${limit}${reading.violates ? ", beyond it here" : ""})`;
  };
  return { label: "Difference", cursor: text(a), mark: text(b), difference: "" };
}

function bandRow(model, bands, a, b) {
  const text = (reading) => {
    const band = reading && bands.find(({ low_hz: low, high_hz: high }) => low <= reading.hertz && reading.hertz < high);
    if (!band) return "";
    const isSilent = typeof band.level_dbfs !== "number";
    const level = isSilent ? "no energy" : `${fixed(band.level_dbfs + (model.reference?.offset_db ?? 0), 2)} ${model.unitOf("level")}`;
    return `${band.name}: ${level}`;
  };
  return { label: "Band", cursor: text(a), mark: text(b), difference: "" };
}

function spectrogramRows({ model }, a, b) {
  const unit = model.unitOf("level");
  const offset = model.reference?.offset_db ?? 0;
  const spectrogram = model.spectrogram;
  const timeDecimals = decimalsOf(spectrogram.perColumn);
  const level = (reading) => (reading.level === NO_ENERGY ? "no energy" : `${fixed(reading.level / 100 + offset, 2)} ${unit}`);
  const frequency = ({ hertz, doubt }) => `${doubtful(fixed, hertz, doubt, 9)} Hz`;
  const row = (label, text, difference) => ({
    label, cursor: a ? text(a) : "", mark: b ? text(b) : "", difference: a && b ? difference() : "",
  });
  return [
    row("Time", ({ seconds }) => `${fixed(seconds, timeDecimals)} s`, () => `${signed(a.seconds - b.seconds, timeDecimals)} s`),
    row("Frequency", frequency, () => hertzBetween(a, b, 9)),
    row("Note", ({ hertz, doubt }) => noteText(hertz, model.a4, doubt), () => centsBetween(a, b)),
    row(spectrogram.isMean ? "Mean level" : "Level", level, () => levelDifference(a.level, b.level, "level")),
  ];
}

function behindSpectrogram(spectrogram, reading) {
  if (!reading) return "There is no cell of the spectrogram here.";
  if (reading.cells === 1) return "Behind this pixel: 1 cell.";
  const how = spectrogram.isMean ? "their mean power is shown and read" : "the strongest of them is shown and read";
  const shape = `${counted(reading.columns, "column", "columns")} by ${counted(reading.rows, "row", "rows")}`;
  return `Behind this pixel: ${counted(reading.cells, "cell", "cells")} (${shape}); ${how}.`;
}

/** The lines of both cursors. */
function drawCursors(pen, view, layout, cursor, mark) {
  const { state, theme, model } = view;
  if (model.kind === "spectrogram") {
    if (mark) drawCross(pen, view, layout, mark, [2, 3]);
    if (cursor) drawCross(pen, view, layout, cursor, state.isHeld ? [] : [4, 3]);
    return;
  }
  const scale = frequencyScale(state, layout.plot);
  const { left, top, width, height } = layout.plot;
  const isInside = (x, y = top) => x >= left && x <= left + width && y >= top && y <= top + height;
  const line = (hertz, style) => {
    const x = scale.x(hertz);
    if (isInside(x)) pen.segments([x, top, x, layout.bottom], style);
    return x;
  };
  if (state.mark !== null && mark) {
    const x = line(state.mark, { stroke: theme.ink, dash: [2, 3], width: 1.25 });
    if (isInside(x) && isInside(x + 40)) pen.text("mark", x + 4, top + height - 6, { fill: theme.ink, size: 11 });
  }
  if (state.cursor === null || !cursor) return;
  line(state.cursor, { stroke: theme.ink, dash: state.isHeld ? [] : [4, 3], opacity: 0.85 });
  const toY = levelToY(layout.plot, state);
  for (const [index, reading] of cursor.readings) {
    const y = reading ? toY(model.quantityOf(model.curves[index], state.quantity, reading.level)) : NaN;
    const x = scale.x(reading?.doubt > 0 ? state.cursor : reading?.hertz ?? 0);
    if (!isInside(x, y)) continue;
    pen.dots([x, y], 5.5, { fill: theme.page });
    pen.dots([x, y], 4, { fill: theme.curves[index % theme.curves.length] });
  }
}

function drawCross(pen, view, { plot, average }, reading, dash) {
  const { state, theme } = view;
  const x = timeScale(state, plot).x(reading.at.seconds);
  const y = upwardScale(state, plot).x(reading.at.hertz);
  const isInside = x >= plot.left && x <= plot.left + plot.width && y >= plot.top && y <= plot.top + plot.height;
  if (!isInside) return;
  const cross = [x, plot.top, x, plot.top + plot.height, plot.left, y, plot.left + plot.width, y];
  pen.segments(cross, { stroke: "#000000", width: 2.5, opacity: 0.45 }); // seen on bright colours
  pen.segments(cross, { stroke: "#ffffff", dash }); // and on dark ones
  if (average) pen.segments([average.left, y, average.left + average.width, y], { stroke: theme.ink, dash, opacity: 0.85 });
}
