// SPDX-License-Identifier: GPL-2.0-or-later
// What a reader can do with the page; pointer, keys and buttons all end here.

class App extends Screen {
  setRange(range, isContinuous = true) {
    const { state, model } = this;
    state.remember(isContinuous);
    const isLogarithmic = state.axis === "log";
    [state.low, state.high] = fitted(range, model.limits(isLogarithmic), isLogarithmic);
    this.changed();
  }

  setTimes(range) {
    [this.state.start, this.state.end] = fitted(range, this.model.timeLimits(), false);
    this.changed();
  }

  setLevels(bottom, top) {
    if (!(top - bottom >= leastRange(this.state.quantity)) || top - bottom > 4000) return;
    this.state.remember(true);
    Object.assign(this.state, { bottom, top });
    this.changed();
  }

  /** Shows `factor` times as many dB of differences. */
  stretchDifferences(factor) {
    if (!this.model.difference) return;
    this.state.remember(true);
    this.state.reach = clamp(this.state.reach * factor, LEAST_REACH, GREATEST_REACH);
    this.changed();
  }

  /** The scale of the frequencies, across or upwards. */
  get scale() {
    return this.model.spectrogram ? upwardScale(this.state, this.layout.plot) : frequencyScale(this.state, this.layout.plot);
  }

  zoom(factor, x, y, only) {
    const { plot } = this.layout;
    const at = { x: x ?? plot.left + plot.width / 2, y: y ?? plot.top + plot.height / 2 };
    const { narrowest } = this.model.limits(this.state.axis === "log");
    if (!this.model.spectrogram) return this.setRange(this.scale.zoomed(at.x, factor, narrowest));
    if (only !== "time") this.setRange(this.scale.zoomed(at.y, factor, narrowest));
    if (only === "frequency") return undefined;
    return this.setTimes(timeScale(this.state, plot).zoomed(at.x, factor, this.model.timeLimits().narrowest));
  }

  /** Zooms around the cursor if it is seen, or else around the middle. */
  zoomAtCursor(factor) {
    const { state, model } = this;
    const { plot } = this.layout;
    const isSeen = state.cursor !== null && state.cursor >= state.low && state.cursor <= state.high;
    if (!isSeen) return this.zoom(factor);
    if (!model.spectrogram) return this.zoom(factor, this.scale.x(state.cursor));
    return this.zoom(factor, timeScale(state, plot).x(state.cursorTime), this.scale.x(state.cursor));
  }

  /** Moves the view by a share of its width. */
  page(share) {
    const { plot } = this.layout;
    if (!this.model.spectrogram) return this.setRange(this.scale.moved(share * plot.width));
    this.state.remember(true);
    return this.setTimes(timeScale(this.state, plot).moved(share * plot.width));
  }

  back() {
    if (this.state.back()) this.changed();
  }

  reset() {
    this.state.remember();
    this.state.reset();
    this.levels.clear();
    this.limit(this.state);
    this.fitOtherQuantity();
    this.changed();
  }

  setAxis(axis) {
    this.state.remember();
    this.state.setAxis(axis);
    this.limit(this.state);
    this.changed();
  }

  setQuantity(quantity) {
    if (quantity === "density" && !this.model.hasDensity) return;
    const { state, model, levels } = this;
    levels.set(state.quantity, { bottom: state.bottom, top: state.top });
    state.quantity = quantity;
    state.history = []; // levels of another quantity lead nowhere
    const known = levels.get(quantity) ?? (quantity === "level" ? model.levelRange : null);
    if (known) Object.assign(state, known);
    else this.fitLevels();
    this.changed();
  }

  setSwitch(name, isOn) {
    this.state[name] = isOn;
    this.changed();
  }

  /** Puts the cursor on the strongest bin behind the pixel at `x`. */
  pointAt(x, y) {
    const { model, state } = this;
    const { plot } = this.layout;
    if (model.spectrogram) {
      const inside = (value, from, size) => clamp(value, from, from + size - 0.01);
      state.cursor = this.scale.value(inside(y, plot.top, plot.height));
      state.cursorTime = timeScale(state, plot).value(inside(x, plot.left, plot.width));
    } else {
      this.putCursor(this.scale.value(clamp(x, plot.left, plot.left + plot.width - 0.01)));
    }
    this.peak = null;
    this.cursorChanged();
  }

  /** A cursor on a bin stays on it through all zooms; within a cell it stays where it is. */
  putCursor(hertz) {
    const { state } = this;
    state.cursor = hertz;
    const { main, column } = readCurves(this.view, this.layout, hertz);
    if (!main || main.doubt > 0) return;
    const { plot } = this.layout;
    const columns = Math.max(1, Math.round(plot.width / this.view.pixel));
    const its = Math.floor(((this.scale.x(main.hertz) - plot.left) / plot.width) * columns + 1e-9);
    if (main.isBetween || Math.abs(its - column) <= 1) state.cursor = main.hertz;
  }

  hold(isHeld = true) {
    this.state.isHeld = isHeld && this.state.cursor !== null;
    this.cursorChanged();
    this.keepAddress();
  }

  toggleMark() {
    const { state } = this;
    const isSame = state.mark !== null && state.mark === state.cursor && state.markTime === state.cursorTime;
    const isSet = state.mark === null || (state.cursor !== null && !isSame);
    state.mark = isSet ? state.cursor : null;
    state.markTime = isSet ? state.cursorTime : null;
    if (isSet) state.isHeld = state.cursor !== null;
    if (state.cursor === null) this.announce("Point at a place first, then press M to mark it.");
    this.changed();
  }

  /** Of the bin at the cursor, or of the peak that was jumped to, whose frequency lies between bins. */
  toggleHarmonics() {
    const { state, model } = this;
    const fundamental = this.peak === null ? state.cursor : model.curves[state.active].peaks[this.peak].frequency_hz;
    state.harmonics = state.harmonics !== null || !(fundamental > 0) ? null : fundamental;
    this.changed();
    if (state.harmonics === null && state.cursor === null) this.announce("Point at a line first, then press H for its harmonics.");
  }

  clearCursors() {
    Object.assign(this.state, { cursor: null, mark: null, cursorTime: null, markTime: null, isHeld: false });
    this.peak = null;
    this.changed();
  }

  /** Moves by pixels, or to the next bin where bins are further apart. */
  stepCursor(pixels) {
    const { state, model, view } = this;
    const { plot } = this.layout;
    this.peak = null;
    if (state.cursor === null || state.cursor < state.low || state.cursor > state.high) {
      this.pointAt(plot.left + plot.width / 2, plot.top + plot.height / 2);
    } else {
      const { scale } = this;
      const columns = Math.max(1, Math.round(plot.width / view.pixel));
      const place = Math.floor(((scale.x(state.cursor) - plot.left) / plot.width) * columns + 1e-6);
      const column = Math.min(place, columns - 1) + pixels;
      const reading = readCurves(view, this.layout, state.cursor);
      const target = scale.value(plot.left + ((column + 0.5) / columns) * plot.width);
      const next = this.nextBin(model.curves[reading.active], reading.main, Math.sign(pixels));
      const isFurther = next !== null && (next - target) * pixels > 0;
      const hertz = isFurther ? next : target;
      this.bringIntoView(hertz);
      this.putCursor(hertz);
    }
    this.hold();
    this.announce();
  }

  /** The next bin or band beside a reading, if it stands alone behind its pixel. */
  nextBin(curve, reading, direction) {
    if (!reading || reading.kind === "cells" || reading.cells > 1) return null;
    if (curve instanceof BandCurve) {
      const row = lowerBound(curve.frequency, reading.hertz) + direction;
      return curve.frequency[clamp(row, 0, curve.count - 1)];
    }
    const bin = Math.round((reading.hertz * curve.divisor) / curve.rate) + direction;
    return curve.hertz(clamp(bin, curve.first, curve.end - 1));
  }

  bringIntoView(hertz) {
    const { state, model, scale } = this;
    if (hertz >= state.low && hertz <= state.high) return;
    if (hertz < model.lowest || hertz > model.highest) return;
    const size = Math.abs(scale.width);
    const from = scale.low;
    const shift = (scale.x(hertz) - scale.left) * Math.sign(scale.width);
    const pixels = hertz < from ? shift - size / 4 : shift - (3 * size) / 4;
    this.setRange(scale.moved(pixels * Math.sign(scale.width)));
    this.state.cursor = hertz;
  }

  stepCell(columns, rows) {
    const { state, model } = this;
    const { plot } = this.layout;
    const time = timeScale(state, plot);
    if (state.cursor === null) this.pointAt(plot.left + plot.width / 2, plot.top + plot.height / 2);
    else {
      const { spectrogram } = model;
      const pixels = (count, size) => count * Math.max(1, size);
      const across = Math.ceil((plot.width * spectrogram.perColumn) / (state.end - state.start));
      const x = time.x(state.cursorTime) + pixels(columns, across);
      const y = this.scale.x(state.cursor) - pixels(rows, this.rowHeight());
      this.pointAt(x, y);
    }
    this.hold();
    this.announce();
  }

  /** The height of the row at the cursor in pixels. */
  rowHeight() {
    const { edges, rows } = this.model.spectrogram;
    const row = clamp(lowerBound(edges, this.state.cursor) - 1, 0, rows - 1);
    return Math.ceil(Math.abs(this.scale.x(edges[row + 1]) - this.scale.x(Math.max(edges[row], this.state.low / 2))));
  }

  toEnd(isRight) {
    const { plot } = this.layout;
    const x = isRight ? plot.left + plot.width - 0.5 * this.view.pixel : plot.left + 0.5 * this.view.pixel;
    this.pointAt(x, this.state.cursor === null ? plot.top : this.scale.x(this.state.cursor));
    this.hold();
    this.announce();
  }

  /** Shows a peak among its bins, with the cursor on it. */
  jumpToPeak(curve, index) {
    const hertz = curve.peaks[index].frequency_hz;
    const { state, model } = this;
    const reach = model.spectrogram ? hertz * 0.12 : curve.surroundings(hertz);
    const isClose = state.high - state.low <= 2.5 * reach;
    const half = isClose ? (state.high - state.low) / 2 : reach;
    this.setRange([hertz - half, hertz + half], false);
    this.settleOnPeak(hertz, index);
  }

  nextPeak(direction) {
    const curve = this.model.curves[this.state.active];
    if (!curve || curve.peaks.length === 0) return this.announce("There are no peaks in the list.");
    const from = this.state.cursor ?? (direction > 0 ? -Infinity : Infinity);
    let index;
    if (this.peak !== null) index = this.peak + direction;
    else if (direction > 0) index = curve.peaks.findIndex((peak) => peak.frequency_hz > from);
    else index = curve.peaks.findLastIndex((peak) => peak.frequency_hz < from);
    if (!curve.peaks[index]) return this.announce(direction > 0 ? "This is the last peak." : "This is the first peak.");
    const hertz = curve.peaks[index].frequency_hz;
    this.bringIntoView(hertz);
    return this.settleOnPeak(hertz, index);
  }

  settleOnPeak(hertz, index) {
    const { state, model } = this;
    this.draw(); // the cursor is put on a bin of the new view
    if (model.spectrogram) {
      state.cursor = hertz;
      state.cursorTime ??= (state.start + state.end) / 2;
    } else this.putCursor(hertz);
    this.peak = index;
    this.hold();
    this.announce();
  }

  nextCurve() {
    const shown = visibleCurves(this.model, this.state);
    if (shown.length < 2) return;
    const place = shown.findIndex((curve) => curve.index === this.state.active);
    this.state.active = shown[(place + 1) % shown.length].index;
    this.peak = null;
    fillPeaks(this);
    this.changed();
    this.announce(`The cursor follows ${this.model.curves[this.state.active].name}.`);
  }

  setColours(coldest, hottest) {
    if (!(hottest - coldest >= 1)) return;
    Object.assign(this.state, { coldest, hottest });
    this.changed();
  }

  setTheme(theme) {
    showTheme(theme);
    this.changed();
  }
}
