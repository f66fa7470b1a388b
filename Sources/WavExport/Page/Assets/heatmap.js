// SPDX-License-Identifier: GPL-2.0-or-later
// The figure of a spectrogram: heat map, average over time beside it, keys of the notes, and the bar of colours.

const BAR = { width: 14, gap: 14, labels: 44 };

function spectrogramLayout(model, state, width, height, head) {
  const top = head + MARGIN.top;
  const tall = height - top - LABEL_ROW - TITLE_ROW;
  const hasAverage = model.curves.length > 0 && width >= 480;
  const average = hasAverage ? clamp(Math.round(width * 0.14), 90, 170) : 0;
  const keys = state.notes ? 40 : 0;
  const left = MARGIN.left + keys;
  const right = width - BAR.labels - BAR.width - BAR.gap;
  const plot = { left, top, width: right - left - (hasAverage ? average + 12 : 0), height: tall };
  return {
    plot, bottom: top + tall,
    keys: keys > 0 ? { left: MARGIN.left, top, width: keys - 4, height: tall } : null,
    average: hasAverage ? { left: right - average, top, width: average, height: tall } : null,
    bar: { left: right + BAR.gap, top, width: BAR.width, height: tall },
  };
}

/** The vertical axis: its scale runs from the bottom upwards. */
const upwardScale = (state, box) => new Scale({
  isLogarithmic: state.axis === "log", low: state.low, high: state.high, left: box.top + box.height, width: -box.height,
});

const timeScale = (state, box) => new Scale({ low: state.start, high: state.end, left: box.left, width: box.width });

function drawSpectrogram(pen, view, layout) {
  const { model, state, theme } = view;
  const { plot } = layout;
  const frequency = upwardScale(state, plot);
  const time = timeScale(state, plot);
  const ticks = hertzTicks(frequency, () => 12, 6);
  pen.image(heatImage(view, plot, time, frequency), plot.left, plot.top, plot.width, plot.height);
  if (state.harmonics) drawRows(pen, plot, frequency, multiples(state.harmonics, state.low, state.high).slice(0, 300));
  drawUpwardAxis(pen, plot, frequency, ticks, theme);
  drawTimeAxis(pen, plot, time, theme);
  if (layout.keys) drawUpwardKeys(pen, layout.keys, frequency, model.a4, theme);
  if (layout.average) drawAverage(pen, view, layout.average, frequency, ticks);
  drawColourBar(pen, layout.bar, view);
}

function heatImage(view, plot, time, frequency) {
  const { model, state, pixel } = view;
  const width = Math.max(1, Math.round(plot.width / pixel));
  const height = Math.max(1, Math.round(plot.height / pixel));
  const canvas = (view.heat ??= document.createElement("canvas"));
  if (canvas.width !== width || canvas.height !== height) Object.assign(canvas, { width, height });
  const offset = model.reference?.offset_db ?? 0;
  const key = [state.coldest, state.hottest].join(" ");
  if (view.colours?.key !== key) view.colours = { key, table: colourTable(state.coldest, state.hottest, offset) };
  const context = canvas.getContext("2d", { willReadFrequently: true });
  const image = context.createImageData(width, height);
  model.spectrogram.paint(image, time, frequency, view.colours.table);
  context.putImageData(image, 0, 0);
  return canvas;
}

function drawRows(pen, { left, width }, frequency, values) {
  const lines = values.flatMap((value) => [left, frequency.x(value), left + width, frequency.x(value)]);
  pen.segments(lines, { stroke: "#ffffff", dash: [4, 4], opacity: 0.7 });
}

function drawUpwardAxis(pen, { left, top, height }, frequency, ticks, theme) {
  const edge = MARGIN.left;
  const marks = [];
  for (const { value, label } of ticks) {
    const y = frequency.x(value);
    if (y < top - 0.5 || y > top + height + 0.5) continue;
    marks.push(edge - (label ? 5 : 3), y, edge, y);
    if (label) pen.text(label, edge - 8, clamp(y + 4, top + 8, top + height + 4), { fill: theme.ink, align: "right" });
  }
  pen.segments(marks, { stroke: theme.soft });
  pen.text("Frequency in Hz", edge, top - 10, { fill: theme.soft });
  pen.segments([left, top, left, top + height], { stroke: theme.soft });
}

function drawTimeAxis(pen, { left, top, width, height }, time, theme) {
  const bottom = top + height;
  for (const { value, label } of timeTicks(time.low, time.high, width)) {
    const x = time.x(value);
    if (x < left - 0.5 || x > left + width + 0.5) continue;
    pen.segments([x, bottom, x, bottom + 5], { stroke: theme.soft });
    pen.text(label, x, bottom + 17, { fill: theme.ink, align: "center" });
  }
  pen.text(time.high >= 60 ? "Time in h:min:s" : "Time in s", left + width, bottom + LABEL_ROW + 13, { fill: theme.soft, align: "right" });
}

function drawUpwardKeys(pen, box, frequency, a4, theme) {
  const keys = notesIn(frequency, a4).map((midi) => keyAt(midi, frequency, a4));
  pen.clip(box.left, box.top, box.width, box.height, () => {
    pen.boxes([box.left, box.top, box.width, box.height], { fill: theme.faint });
    const wide = keys.filter((key) => key.width >= LEAST_KEY);
    pen.boxes(wide.flatMap((key) => [box.left, key.to, box.width, key.width]), { fill: theme.whiteKey });
    const black = wide.filter((key) => isBlackKey(key.midi));
    pen.boxes(black.flatMap((key) => [box.left, key.to, box.width * 0.4, key.width]), { fill: theme.blackKey });
    let last = Infinity;
    for (const key of keys) {
      if ((key.midi % 12 !== 0 && key.width < 13) || last - key.middle < 12) continue;
      if (isBlackKey(key.midi) && key.width < 13) continue;
      last = key.middle;
      pen.text(noteName(key.midi), box.left + box.width - 2, key.middle + 4, { fill: theme.ink, size: 10, align: "right" });
    }
  });
}

/** The average over time, with its levels to the right and the frequencies of the heat map. */
function drawAverage(pen, view, box, frequency, ticks) {
  const { model, state, theme, pixel } = view;
  const curve = model.curves[0];
  const { left, top, width, height } = box;
  const rows = ticks.filter((tick) => tick.isMajor).map(({ value }) => frequency.x(value)).filter((y) => y >= top && y <= top + height);
  pen.segments(rows.flatMap((y) => [left, y, left + width, y]), { stroke: theme.rule });
  const unit = levelTicks(state.bottom, state.top, width / 1.6).filter((tick) => tick.isMajor);
  const x = (level) => {
    const share = (model.quantityOf(curve, "level", level) - state.bottom) / (state.top - state.bottom);
    return left + clamp(share, -1, 2) * width;
  };
  for (const { value, label } of unit) {
    const at = left + ((value - state.bottom) / (state.top - state.bottom)) * width;
    pen.segments([at, top, at, top + height], { stroke: theme.rule });
    if (at > left + 24 && at < left + width - 8) pen.text(label, at, top + height + 17, { fill: theme.ink, align: "center" });
  }
  pen.segments([left, top, left, top + height, left, top + height, left + width, top + height], { stroke: theme.soft });
  pen.text("Average over time", left, top - 10, { fill: theme.soft });
  pen.text(model.unitOf("level"), left + width, top + height + LABEL_ROW + 13, { fill: theme.soft, align: "right" });
  const columns = Math.max(1, Math.round(height / pixel));
  // A trace runs along an axis from its low end; here that is the bottom.
  const trace = (view.traces[0] ??= new Trace()).fill(curve, frequency, frequency.edges(columns), -height / columns, { mean: false });
  const points = [];
  for (let at = 0; at < trace.count; at += 1) points.push(x(trace.strongest[at]), trace.x[at]);
  pen.clip(left, top, width, height, () => pen.polyline(points, { stroke: theme.curves[0], width: 1.25 }));
}

function drawColourBar(pen, box, { model, state, theme }) {
  const { left, top, width, height } = box;
  const steps = 64;
  for (let step = 0; step < steps; step += 1) {
    const colour = HEAT[Math.round((255 * (step + 0.5)) / steps)];
    const channels = [colour & 255, (colour >> 8) & 255, (colour >> 16) & 255];
    const fill = `#${channels.map((channel) => channel.toString(16).padStart(2, "0")).join("")}`;
    const from = Math.round(height * (1 - (step + 1) / steps));
    pen.boxes([left, top + from, width, Math.round(height * (1 - step / steps)) - from], { fill });
  }
  const y = (value) => top + ((state.hottest - value) / (state.hottest - state.coldest)) * height;
  for (const { value, label } of levelTicks(state.coldest, state.hottest, height).filter((tick) => tick.isMajor)) {
    pen.segments([left + width, y(value), left + width + 4, y(value)], { stroke: theme.soft });
    pen.text(label, left + width + 7, y(value) + 4, { fill: theme.ink, size: 11 });
  }
  pen.text(model.unitOf("level"), left + width + BAR.labels, top - 10, { fill: theme.soft, align: "right" });
}
