// SPDX-License-Identifier: GPL-2.0-or-later
// What is on the screen: drawn once a frame after any change, read out below the figure, and kept in the address.

class Screen {
  constructor(model) {
    this.model = model;
    this.width = 0;
    this.height = 0;
    this.peak = null;
    this.levels = new Map(); // of quantities that were shown before
    this.stale = { figure: false, cursor: false };
    this.isPrinting = false;
    const widths = new Map();
    const ruler = document.createElement("canvas").getContext("2d");
    const measure = (text) => {
      if (!widths.has(text)) {
        if (widths.size > 5000) widths.clear();
        ruler.font = fontOf(12);
        widths.set(text, ruler.measureText(text).width);
      }
      return widths.get(text);
    };
    this.view = { model, theme: LIGHT, measure, pixel: 1, traces: [], edges: (scale, columns) => this.edgesOf(scale, columns) };
    this.state = new State(this.homeState(), (axis) => model.homeRange(axis), (state) => this.limit(state));
    this.view.state = this.state;
    this.base = byId("plot").getContext("2d");
    this.top = byId("overlay").getContext("2d");
  }

  get theme() {
    return this.view.theme;
  }

  homeState() {
    const { model } = this;
    const axis = model.description.axis === "linear" ? "linear" : "log";
    const [low, high] = model.homeRange(axis);
    const [coldest, hottest] = model.spectrogram?.entry.colour_range_db ?? [-100, 0];
    const offset = model.reference?.offset_db ?? 0;
    return {
      axis, low, high, top: 0, bottom: -120, reach: model.difference?.reach() ?? 1,
      start: model.spectrogram?.start ?? 0, end: model.spectrogram?.end ?? 1,
      quantity: model.opensWithAmplitude ? "amplitude" : "level",
      range: model.curves.length === 1, mean: false, notes: true, bands: model.opensWithBands,
      cursor: null, mark: null, cursorTime: null, markTime: null, harmonics: null, active: 0, isHeld: false,
      coldest: coldest + offset, hottest: hottest + offset,
    };
  }

  /** The edges of pixels, shared by the curves of a redraw. */
  edgesOf(scale, columns) {
    const key = `${scale.isLogarithmic} ${scale.low} ${scale.high} ${columns}`;
    if (this.edges?.key !== key) this.edges = { key, values: scale.edges(columns) };
    return this.edges.values;
  }

  /** Brings a state that came from anywhere into what the page can show. */
  limit(state) {
    const { model } = this;
    const isLogarithmic = state.axis === "log";
    [state.low, state.high] = fitted([state.low, state.high], model.limits(isLogarithmic), isLogarithmic);
    if (model.spectrogram) {
      [state.start, state.end] = fitted([state.start, state.end], model.timeLimits(), false);
    }
    if (!(state.top - state.bottom >= leastRange(state.quantity)) || Math.abs(state.top) > 1e6 || Math.abs(state.bottom) > 1e6) {
      [state.top, state.bottom] = [this.state?.home.top ?? 0, this.state?.home.bottom ?? -120];
    }
    if (!(state.hottest - state.coldest >= 1) || Math.abs(state.hottest) > 1e3 || Math.abs(state.coldest) > 1e3) {
      [state.coldest, state.hottest] = [this.state.home.coldest, this.state.home.hottest];
    }
    state.reach = clamp(state.reach, LEAST_REACH, GREATEST_REACH);
    if (!model.curves[state.active]) state.active = 0;
    if (state.quantity === "density" && !model.hasDensity) state.quantity = "level";
    for (const index of state.hidden ?? []) if (!model.curves[index]) state.hidden.delete(index);
    if (!(state.harmonics >= model.step && state.harmonics <= model.highest)) state.harmonics = null;
    for (const member of ["cursor", "mark"]) {
      if (state[member] !== null) state[member] = clamp(state[member], model.lowest, model.highest);
    }
    if (model.spectrogram) {
      for (const [member, other] of [["cursorTime", "cursor"], ["markTime", "mark"]]) {
        if (state[other] !== null) state[member] ??= (state.start + state.end) / 2;
      }
    }
  }

  open() {
    fillFrame(this.model);
    hideControls(this.model);
    fillHelp();
    if (this.model.theme) showTheme(this.model.theme);
    // A finger moves a spectrogram in both directions; over a curve it may scroll the page.
    byId("plot").style.touchAction = this.model.spectrogram ? "none" : "pan-y";
    fillCurves(this);
    this.resize();
    this.fitHome();
    this.state.fromHash(location.hash);
    this.fitIfAutomatic(location.hash);
    fillPeaks(this);
    this.draw();
    performance.mark("first picture");
    new ResizeObserver(() => this.resize() && this.changed()).observe(byId("figure"));
    prefersDark.addEventListener("change", () => this.changed());
    addEventListener("resize", () => this.resize() && this.changed()); // to a screen with other pixels
    addEventListener("hashchange", () => this.goToHash());
    addEventListener("beforeprint", () => this.print(true));
    addEventListener("afterprint", () => this.print(false));
    listen(this);
  }

  goToHash() {
    if (location.hash.replace(/^#/, "") === this.state.toHash()) return;
    this.state.remember();
    this.levels.clear();
    this.state.fromHash(location.hash);
    this.fitIfAutomatic(location.hash);
    fillPeaks(this);
    this.changed();
  }

  /** A page that was just opened has the levels of its description, or those of the whole band. */
  fitHome() {
    const { home } = this.state;
    const state = Object.assign(Object.create(this.state), home, { hidden: new Set() });
    const view = { ...this.view, state };
    const fitting = () => fittingLevels(view, layoutOf(this.model, state, this.width, this.height));
    Object.assign(home, (home.quantity === "level" && this.model.levelRange) || fitting());
    Object.assign(this.state, { top: home.top, bottom: home.bottom });
  }

  fitIfAutomatic(hash) {
    const words = new URLSearchParams(hash.replace(/^#/, ""));
    if (!(words.has("top") && words.has("bottom"))) this.fitOtherQuantity();
  }

  /** The levels of a page that was just opened suit no amplitudes, and those of amplitudes suit no levels. */
  fitOtherQuantity() {
    const { state, model } = this;
    if (state.quantity === "level" && state.home.quantity === "level") return;
    if (state.quantity === "level" && model.levelRange) Object.assign(state, model.levelRange);
    else this.fitLevels();
  }

  fitLevels() {
    Object.assign(this.state, fittingLevels(this.view, layoutOf(this.model, this.state, this.width, this.height)));
  }

  resize() {
    if (this.isPrinting) return false; // a canvas of another size would be an empty one
    const box = byId("figure").getBoundingClientRect();
    const ratio = Math.max(1, devicePixelRatio || 1);
    const [width, height] = [Math.max(240, Math.round(box.width)), Math.max(200, Math.round(box.height))];
    if (width === this.width && height === this.height && ratio === this.ratio) return false;
    this.setSize(width, height, ratio);
    return true;
  }

  setSize(width, height, ratio) {
    Object.assign(this, { width, height, ratio });
    this.view.pixel = 1 / ratio;
    const size = { width: Math.round(width * ratio), height: Math.round(height * ratio) };
    for (const { canvas } of [this.base, this.top]) Object.assign(canvas, size);
  }

  /** On paper the figure is light and finer, with the columns that are on the screen, and the cursors are part of it. */
  print(isPrinting) {
    const { pixel } = this.view;
    this.isPrinting = false;
    if (isPrinting) this.setSize(this.width, this.height, 2 * Math.max(1, devicePixelRatio || 1));
    else this.resize();
    this.isPrinting = isPrinting;
    if (isPrinting) this.view.pixel = pixel;
    this.draw();
    if (!isPrinting) return;
    const { cursor, mark } = this.readCursors(this.layout);
    drawCursors(new CanvasPen(this.base), this.view, this.layout, cursor, mark);
  }

  /** Draws all again in the next frame, and puts the view into the address soon. */
  changed() {
    this.stale.figure = true;
    this.requestFrame();
    this.keepAddress();
  }

  cursorChanged() {
    this.stale.cursor = true;
    this.requestFrame();
    if (this.state.isHeld || this.state.mark !== null) this.keepAddress();
  }

  requestFrame() {
    this.frame ??= requestAnimationFrame(() => {
      this.frame = null;
      if (this.stale.figure) this.draw();
      else if (this.stale.cursor) this.drawCursor();
    });
  }

  draw() {
    this.stale.figure = false;
    this.view.theme = isDark() && !this.isPrinting ? DARK : LIGHT;
    this.base.setTransform(this.ratio, 0, 0, this.ratio, 0, 0);
    this.layout = drawFigure(new CanvasPen(this.base), this.view, this.width, this.height);
    showControls(this);
    this.drawCursor();
  }

  drawCursor() {
    this.stale.cursor = false;
    const cursors = this.readCursors(this.layout);
    this.top.setTransform(this.ratio, 0, 0, this.ratio, 0, 0);
    this.top.clearRect(0, 0, this.width, this.height);
    const pen = new CanvasPen(this.top);
    drawCursors(pen, this.view, this.layout, cursors.cursor, cursors.mark);
    if (this.selection) drawSelection(pen, this.selection, this.theme);
    this.showCursor(cursors);
  }

  readCursors(layout) {
    const { model, state, view } = this;
    const read = (hertz, seconds) => {
      if (hertz === null) return null;
      if (!model.spectrogram) return readCurves(view, layout, hertz);
      return { at: { hertz, seconds }, cell: readSpectrogram(view, layout, hertz, seconds) };
    };
    return { cursor: read(state.cursor, state.cursorTime), mark: read(state.mark, state.markTime) };
  }

  showCursor({ cursor, mark }) {
    const { model, state, view } = this;
    const rows = model.spectrogram ? spectrogramRows(view, cursor?.cell, mark?.cell) : curveRows(view, cursor, mark);
    showReadout(this, rows, state.isHeld);
    setText(byId("behind"), this.behind(cursor));
    const spoken = rows.filter((row) => row.cursor).map((row) => `${row.label} ${row.cursor}`);
    this.words = [...spoken, cursor ? this.behind(cursor) : ""].join(". ");
    for (const row of byId("peaks-rows").rows) row.classList.toggle("current", row.dataset.peak === String(this.peak));
  }

  behind(cursor) {
    const { model } = this;
    const what = model.spectrogram ? "cells" : "bins";
    if (!cursor) return `Point at the figure, or use the arrow keys: the ${what} behind each pixel are counted here.`;
    if (model.spectrogram) return behindSpectrogram(model.spectrogram, cursor.cell);
    const visible = cursor.readings.size;
    if (visible === 0) return model.curves.some((curve) => curve.count > 0) ? "All curves are off." : "There are no bins.";
    return (visible > 1 ? `${model.curves[cursor.active].name}: ` : "") + model.behind(cursor.main, model.curves[cursor.active]);
  }

  /** Speaks when the cursor has rested for a moment. */
  announce(text) {
    clearTimeout(this.speaking);
    this.speaking = setTimeout(() => setText(byId("spoken"), text ?? this.words), 400);
  }

  keepAddress() {
    clearTimeout(this.keeping);
    this.keeping = setTimeout(() => replaceHash(this.state.toHash()), 250);
  }
}

/** Half the height of the panel of differences in dB. */
const LEAST_REACH = 0.02;
const GREATEST_REACH = 200;

const leastRange = (quantity) => (quantity === "amplitude" ? 1e-12 : 0.1);

function drawSelection(pen, { from, to, plot }, theme) {
  pen.boxes([Math.min(from, to), plot.top, Math.abs(to - from), plot.height], { fill: theme.curves[0], opacity: 0.18 });
  pen.segments([from, plot.top, from, plot.top + plot.height, to, plot.top, to, plot.top + plot.height], { stroke: theme.curves[0] });
}
