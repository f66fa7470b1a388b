// SPDX-License-Identifier: GPL-2.0-or-later
// The figure: where its parts lie, and how curves become strokes.

const MARGIN = { left: 64, right: 18, top: 30 };
const LABEL_ROW = 22;
const KEY_ROW = 20;
const TITLE_ROW = 20;

/** Boxes `{left, top, width, height}` of the parts of a figure. */
function layoutOf(model, state, width, height, head = 0) {
  if (model.kind === "spectrogram") return spectrogramLayout(model, state, width, height, head);
  const top = head + MARGIN.top;
  const below = LABEL_ROW + TITLE_ROW + (state.notes ? KEY_ROW + 4 : 0);
  const room = height - top - below;
  const box = (at, tall) => ({ left: MARGIN.left, top: at, width: width - MARGIN.left - MARGIN.right, height: tall });
  const layout = { plot: box(top, room) };
  if (model.difference) {
    layout.plot.height = Math.round(room * 0.62) - 26;
    layout.difference = box(top + Math.round(room * 0.62), room - Math.round(room * 0.62));
    layout.difference.reach = state.reach;
  }
  layout.bottom = top + room;
  layout.keys = state.notes ? box(layout.bottom + LABEL_ROW, KEY_ROW) : null;
  return layout;
}

const frequencyScale = (state, box) => new Scale({
  isLogarithmic: state.axis === "log", low: state.low, high: state.high, left: box.left, width: box.width,
});

function drawFigure(pen, view, width, height, head = 0) {
  const { model, state, theme } = view;
  pen.boxes([0, 0, width, height], { fill: theme.page });
  const layout = layoutOf(model, state, width, height, head);
  if (model.kind === "spectrogram") drawSpectrogram(pen, view, layout);
  else drawLines(pen, view, layout);
  if (model.description.emptiness) drawEmptiness(pen, layout.plot, model.description.emptiness, theme);
  return layout;
}

function drawEmptiness(pen, box, text, theme) {
  pen.text(text, box.left + box.width / 2, box.top + box.height / 2, { fill: theme.soft, size: 16, align: "center" });
}

function drawLines(pen, view, layout) {
  const { model, state, theme, measure } = view;
  const { plot } = layout;
  const scale = frequencyScale(state, plot);
  const ticks = hertzTicks(scale, measure);
  drawFrequencyGrid(pen, plot, scale, ticks, theme);
  if (layout.difference) drawFrequencyGrid(pen, layout.difference, scale, ticks, theme);
  drawLevelAxis(pen, { ...plot, low: state.bottom, high: state.top, title: levelTitle(model, state) }, theme);
  pen.clip(plot.left, plot.top, plot.width, plot.height, () => {
    if (model.loss) drawLoss(pen, plot, scale, model.loss, theme, measure);
    if (state.notes) drawNoteLines(pen, plot, scale, model.a4, theme);
    const toY = levelToY(plot, state);
    if (state.bands && state.quantity !== "density") {
      const offset = model.reference?.offset_db ?? 0;
      const toBandY = (level) => toY(state.quantity === "amplitude" ? 10 ** (level / 20) : level + offset);
      drawBands(pen, plot, scale, model.bandsOf(state.active), toBandY, theme, measure);
    }
    // The first curve lies on top.
    for (const curve of visibleCurves(model, state).reverse()) drawCurve(pen, view, curve, plot, scale, toY);
    if (state.harmonics) drawHarmonics(pen, plot, scale, state.harmonics, model.loss?.limit_hz ?? model.highest, theme);
  });
  if (layout.difference) {
    drawDifference(pen, layout.difference, scale, model.difference, theme, theme.curves[0], view.pixel);
  }
  drawFrequencyLabels(pen, layout.bottom, plot, scale, ticks, theme);
  if (layout.keys) drawKeyboardOrCents(pen, layout.keys, scale, model.a4, theme, measure);
  const below = layout.bottom + LABEL_ROW + (layout.keys ? KEY_ROW + 4 : 0) + 13;
  pen.text("Frequency in Hz", plot.left + plot.width, below, { fill: theme.soft, align: "right" });
}

const visibleCurves = (model, state) => model.curves.filter(
  (curve) => !state.hidden.has(curve.index) && curve.count > 0 && model.hasQuantity(curve, state.quantity));

function levelTitle(model, { quantity }) {
  if (quantity === "amplitude") return "Amplitude, full scale is 1";
  return `${QUANTITIES[quantity].name} in ${model.unitOf(quantity)}`;
}

function levelToY({ top, height }, state) {
  const perUnit = height / (state.top - state.bottom);
  return (value) => (Number.isNaN(value) ? NaN : top + clamp((state.top - value) * perUnit, -height, 3 * height));
}

function drawFrequencyGrid(pen, { left, top, width, height }, scale, ticks, theme) {
  const lines = (isMajor) => ticks.filter((tick) => tick.isMajor === isMajor)
    .flatMap(({ value }) => [scale.x(value), top, scale.x(value), top + height]);
  pen.segments(lines(false), { stroke: theme.faint });
  pen.segments(lines(true), { stroke: theme.rule });
  pen.segments([left, top + height, left + width, top + height], { stroke: theme.soft });
}

function drawFrequencyLabels(pen, bottom, { left, width }, scale, ticks, theme) {
  const marks = [];
  for (const { value, label } of ticks) {
    const x = scale.x(value);
    if (x < left - 0.5 || x > left + width + 0.5) continue;
    marks.push(x, bottom, x, bottom + (label ? 5 : 3));
    if (label) pen.text(label, x, bottom + 17, { fill: theme.ink, align: "center" });
  }
  pen.segments(marks, { stroke: theme.soft });
}

function drawLevelAxis(pen, { left, top, width, height, low, high, title }, theme) {
  const y = (value) => top + ((high - value) / (high - low)) * height;
  const ticks = levelTicks(low, high, height).filter((tick) => tick.isMajor);
  pen.segments(ticks.flatMap(({ value }) => [left, y(value), left + width, y(value)]), { stroke: theme.rule });
  for (const { value, label } of ticks) pen.text(label, left - 8, y(value) + 4, { fill: theme.ink, align: "right" });
  pen.text(title, left, top - 10, { fill: theme.soft });
}

function drawCurve(pen, view, curve, plot, scale, toY) {
  const { model, state, theme, pixel } = view;
  const wants = { range: state.range, mean: state.mean && curve.hasMean };
  const columns = Math.max(1, Math.round(plot.width / pixel));
  const trace = (view.traces[curve.index] ??= new Trace()).fill(curve, scale, view.edges(scale, columns), plot.width / columns, wants);
  const y = (level) => toY(model.quantityOf(curve, state.quantity, level));
  const colour = theme.curves[curve.index % theme.curves.length];
  if (wants.range) drawRange(pen, trace, y, colour, plot.width / columns);
  const points = new Array(2 * trace.count);
  for (let at = 0; at < trace.count; at += 1) {
    points[2 * at] = trace.x[at];
    points[2 * at + 1] = y(trace.strongest[at]);
  }
  const isSparse = trace.count < columns / 10;
  pen.polyline(points, { stroke: colour, width: isSparse ? 1 : 1.25, opacity: isSparse ? 0.45 : 1 });
  if (curve instanceof BandCurve) drawBandWidths(pen, points, trace, curve, scale, colour);
  drawPoints(pen, points, trace, plot, colour);
  if (wants.mean) {
    const means = [];
    for (let at = 0; at < trace.count; at += 1) means.push(trace.x[at], y(trace.mean[at]));
    pen.polyline(means, { stroke: theme.page, width: 3.5, opacity: 0.7 });
    pen.polyline(means, { stroke: model.curves.length > 1 ? colour : theme.mean, width: 1.5, dash: model.curves.length > 1 ? [5, 2] : [] });
  }
}

/** From the weakest to the strongest bin of each pixel. */
function drawRange(pen, trace, y, colour, pixel) {
  const boxes = [];
  for (let at = 0; at < trace.count; at += 1) {
    if (trace.single[at] || trace.weakest[at] === trace.strongest[at]) continue;
    const top = y(trace.strongest[at]);
    boxes.push(trace.x[at] - pixel / 2, top, pixel, y(trace.weakest[at]) - top);
  }
  pen.boxes(boxes, { fill: colour, opacity: 0.22 });
}

/** A band is as wide as it is; its point is the strongest bin in it. */
function drawBandWidths(pen, points, trace, curve, scale, colour) {
  const widths = [];
  for (let at = 0; at < trace.count; at += 1) {
    if (!trace.single[at]) continue;
    const from = scale.x(curve.low[trace.start[at]]);
    const to = scale.x(curve.high[trace.start[at]]);
    if (to - from >= LEAST_GAP) widths.push(from, points[2 * at + 1], to, points[2 * at + 1]);
  }
  pen.segments(widths, { stroke: colour, width: 2 });
}

const LEAST_GAP = 6;

/** Single bins with room around them: each a point on a stem, at its exact frequency. */
function drawPoints(pen, points, trace, plot, colour) {
  const stems = [];
  const dots = [];
  let narrowest = Infinity;
  const gap = (a, b) => (a >= 0 && b < trace.count ? trace.x[b] - trace.x[a] : Infinity);
  for (let at = 0; at < trace.count; at += 1) {
    const room = Math.min(gap(at - 1, at), gap(at, at + 1));
    if (!trace.single[at] || room < LEAST_GAP) continue;
    narrowest = Math.min(narrowest, room);
    const [x, y] = [points[2 * at], points[2 * at + 1]];
    stems.push(x, y, x, plot.top + plot.height);
    dots.push(x, y);
  }
  pen.segments(stems, { stroke: colour, opacity: 0.4 });
  pen.dots(dots, narrowest > 14 ? 3 : 2, { fill: colour });
}

/** The range of levels in which the curves of a view are well seen. */
function fittingLevels(view, layout) {
  const { model, state, pixel } = view;
  const scale = frequencyScale(state, layout.plot);
  const columns = Math.max(1, Math.round(layout.plot.width / pixel));
  const values = [];
  for (const curve of visibleCurves(model, state)) {
    const trace = new Trace().fill(curve, scale, scale.edges(columns), layout.plot.width / columns, {});
    // The strongest of n bins of noise is about ln n + 0.58 times their mean, which must be seen too.
    const above = curve.hasMean ? 1000 * Math.log10(Math.log(Math.max(model.binsIn(curve, state) / columns, 1)) + 1) : 0;
    for (let at = 0; at < trace.count; at += 1) {
      values.push(model.quantityOf(curve, state.quantity, trace.strongest[at]));
      if (trace.strongest[at] !== NO_ENERGY) values.push(model.quantityOf(curve, state.quantity, trace.strongest[at] - above));
    }
  }
  const known = Float64Array.from(values.filter(Number.isFinite)).sort();
  if (state.quantity === "amplitude") return { bottom: 0, top: 1.08 * (known[known.length - 1] || 1) };
  if (known.length === 0) return { bottom: -120, top: 0 };
  const greatest = known[known.length - 1];
  const low = known[Math.floor(0.03 * known.length)];
  const top = Math.ceil((greatest + 2 + 0.04 * (greatest - low)) / 5) * 5;
  return { top, bottom: clamp(Math.floor((low - 8) / 5) * 5, top - 180, top - 40) };
}
