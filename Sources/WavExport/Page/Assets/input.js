// SPDX-License-Identifier: GPL-2.0-or-later
// Pointer, wheel, keyboard and controls, each as a call of the app.

const CLICK_REACH = 4;
const ZOOM_STEP = 1.5;

function listen(app) {
  listenToPointers(app, byId("plot"));
  byId("plot").addEventListener("wheel", (event) => turnWheel(app, event), { passive: false });
  byId("plot").addEventListener("keydown", (event) => pressKey(app, event));
  listenToControls(app);
}

const placeOf = (event) => {
  const box = byId("plot").getBoundingClientRect();
  return { x: event.clientX - box.left, y: event.clientY - box.top };
};

/** The part of the figure under the pointer. */
function partAt({ layout }, { x, y }) {
  if (x < layout.plot.left) return "left";
  return y > layout.bottom ? "below" : "plot";
}

function listenToPointers(app, canvas) {
  const pointers = new Map();
  let gesture = null;
  canvas.addEventListener("pointerdown", (event) => {
    if (event.pointerType === "mouse" && event.button !== 0) return;
    canvas.setPointerCapture(event.pointerId);
    pointers.set(event.pointerId, placeOf(event));
    if (pointers.size === 1) gesture = startDrag(app, placeOf(event), event.shiftKey);
    else gesture = pointers.size === 2 ? new Pinch(app, [...pointers.values()]) : null;
  });
  canvas.addEventListener("pointermove", (event) => {
    const place = placeOf(event);
    if (!pointers.has(event.pointerId)) {
      if (!app.state.isHeld && event.pointerType !== "touch") app.pointAt(place.x, place.y);
      return;
    }
    pointers.set(event.pointerId, place);
    gesture?.move(gesture instanceof Pinch ? [...pointers.values()] : place);
    canvas.className = gesture?.hasMoved ? gesture.cursorName : "";
  });
  const end = (isCancelled) => (event) => {
    if (!pointers.delete(event.pointerId)) return;
    if (gesture && !(gesture instanceof Pinch)) gesture.end(placeOf(event), isCancelled);
    gesture = null;
    canvas.className = "";
  };
  canvas.addEventListener("pointerup", end(false));
  canvas.addEventListener("pointercancel", end(true));
  canvas.addEventListener("dblclick", (event) => app.zoom(1 / 3, placeOf(event).x, placeOf(event).y));
}

function startDrag(app, place, isShifted) {
  const part = partAt(app, place);
  const selects = part === "plot" && (isShifted || byId("drag-zoom").checked);
  if (selects) return new Selection(app, place);
  return part === "left" && !app.model.spectrogram ? new LevelDrag(app, place) : new Pan(app, place, part);
}

/** What all drags have: a click is one that has hardly moved. */
class Drag {
  constructor(app, place) {
    this.app = app;
    this.from = place;
    this.hasMoved = false;
    this.cursorName = "panning";
  }

  move(place) {
    if (!this.hasMoved && Math.hypot(place.x - this.from.x, place.y - this.from.y) < CLICK_REACH) return;
    if (!this.hasMoved) this.app.state.remember();
    this.hasMoved = true;
    this.drag(place);
  }

  end(place, isCancelled) {
    if (this.hasMoved || isCancelled) return;
    this.app.pointAt(place.x, place.y);
    this.app.hold();
    this.app.announce();
  }
}

class Pan extends Drag {
  constructor(app, place, part) {
    super(app, place);
    this.part = part;
    this.scale = app.scale;
    this.time = app.model.spectrogram && timeScale(app.state, app.layout.plot);
  }

  drag({ x, y }) {
    if (!this.time) return this.app.setRange(this.scale.moved(this.from.x - x));
    if (this.part !== "below") this.app.setRange(this.scale.moved(this.from.y - y));
    if (this.part !== "left") this.app.setTimes(this.time.moved(this.from.x - x));
  }
}

class LevelDrag extends Drag {
  constructor(app, place) {
    super(app, place);
    this.levels = { bottom: app.state.bottom, top: app.state.top };
  }

  drag({ y }) {
    const { bottom, top } = this.levels;
    const shift = ((y - this.from.y) / this.app.layout.plot.height) * (top - bottom);
    this.app.setLevels(bottom + shift, top + shift);
  }
}

class Selection extends Drag {
  constructor(app, place) {
    super(app, place);
    this.cursorName = "selecting";
  }

  drag({ x }) {
    const { plot } = this.app.layout;
    const within = (value) => clamp(value, plot.left, plot.left + plot.width);
    this.app.selection = { from: within(this.from.x), to: within(x), plot };
    this.app.cursorChanged();
  }

  end(place, isCancelled) {
    const { app } = this;
    const { selection } = app;
    app.selection = null;
    if (!this.hasMoved || !selection) return super.end(place, isCancelled);
    app.cursorChanged();
    const [from, to] = [Math.min(selection.from, selection.to), Math.max(selection.from, selection.to)];
    if (isCancelled || to - from < CLICK_REACH) return undefined;
    if (app.model.spectrogram) {
      const time = timeScale(app.state, app.layout.plot);
      return app.setTimes([time.value(from), time.value(to)]);
    }
    return app.setRange([app.scale.value(from), app.scale.value(to)]);
  }
}

/** Two fingers: what was between them stays between them. */
class Pinch {
  constructor(app, places) {
    this.app = app;
    this.start = Pinch.shape(places);
    this.hasMoved = true;
    this.cursorName = "panning";
    this.scale = app.scale;
    this.time = app.model.spectrogram && timeScale(app.state, app.layout.plot);
    app.state.remember();
  }

  static shape([a, b]) {
    return { x: (a.x + b.x) / 2, y: (a.y + b.y) / 2, distance: Math.max(10, Math.hypot(a.x - b.x, a.y - b.y)) };
  }

  move(places) {
    const now = Pinch.shape(places);
    const factor = this.start.distance / now.distance;
    const pinched = (scale, from, to) => {
      const [low, high] = scale.zoomed(from, factor);
      return new Scale({ ...scale, low, high }).moved(from - to);
    };
    if (this.time) {
      this.app.setRange(pinched(this.scale, this.start.y, now.y));
      this.app.setTimes(pinched(this.time, this.start.x, now.x));
    } else this.app.setRange(pinched(this.scale, this.start.x, now.x));
  }
}

function turnWheel(app, event) {
  event.preventDefault();
  const unit = [1, 16, 400][event.deltaMode] ?? 1;
  const place = placeOf(event);
  const part = partAt(app, place);
  if (!event.shiftKey && Math.abs(event.deltaX) > Math.abs(event.deltaY)) {
    return app.page(clamp(event.deltaX * unit, -300, 300) / app.layout.plot.width);
  }
  const turn = clamp((event.deltaY || event.deltaX) * unit, -240, 240);
  const factor = Math.exp(turn * (event.ctrlKey ? 0.01 : 0.0025));
  if (app.model.spectrogram) {
    return app.zoom(factor, place.x, place.y, part === "left" || event.shiftKey ? "frequency" : part === "below" ? "time" : undefined);
  }
  const isLevel = event.shiftKey || part === "left";
  if (isLevel && place.y > (app.layout.difference?.top ?? Infinity) - 20) return app.stretchDifferences(factor);
  if (isLevel) return stretchLevels(app, factor, place.y);
  return app.zoom(factor, place.x);
}

function stretchLevels(app, factor, y) {
  const { plot } = app.layout;
  const { top, bottom } = app.state;
  const at = top - clamp((y - plot.top) / plot.height, 0, 1) * (top - bottom);
  app.setLevels(at - (at - bottom) * factor, at + (top - at) * factor);
}

function shiftLevels(app, share) {
  const { top, bottom } = app.state;
  app.setLevels(bottom + share * (top - bottom), top + share * (top - bottom));
}

function arrow(app, key, isShifted) {
  const many = isShifted ? 20 : 1;
  const direction = { ArrowLeft: [-1, 0], ArrowRight: [1, 0], ArrowUp: [0, 1], ArrowDown: [0, -1] }[key];
  if (app.model.spectrogram) return app.stepCell(direction[0] * many, direction[1] * many);
  if (direction[0] !== 0) return app.stepCursor(direction[0] * many);
  if (!isShifted) return shiftLevels(app, 0.1 * direction[1]);
  const { plot } = app.layout;
  return stretchLevels(app, direction[1] > 0 ? 1 / 1.25 : 1.25, plot.top + plot.height / 2);
}

const KEY_ACTIONS = {
  "+": (app) => app.zoomAtCursor(1 / ZOOM_STEP),
  "=": (app) => app.zoomAtCursor(1 / ZOOM_STEP),
  "-": (app) => app.zoomAtCursor(ZOOM_STEP),
  "[": (app) => app.stretchDifferences(ZOOM_STEP),
  "]": (app) => app.stretchDifferences(1 / ZOOM_STEP),
  Home: (app) => app.toEnd(false),
  End: (app) => app.toEnd(true),
  PageUp: (app) => app.page(-0.75),
  PageDown: (app) => app.page(0.75),
  Backspace: (app) => app.back(),
  0: (app) => app.reset(),
  n: (app) => app.nextPeak(1),
  p: (app) => app.nextPeak(-1),
  m: (app) => app.toggleMark(),
  h: (app) => app.toggleHarmonics(),
  l: (app) => app.setAxis(app.state.axis === "log" ? "linear" : "log"),
  q: (app) => nextQuantity(app),
  f: (app) => refit(app),
  c: (app) => app.nextCurve(),
  Enter: (app) => app.hold(!app.state.isHeld),
  Escape: (app) => app.clearCursors(),
  "?": () => byId("help").showModal(),
};

function pressKey(app, event) {
  if (event.ctrlKey || event.altKey || event.metaKey) return;
  const key = event.key.length === 1 ? event.key.toLowerCase() : event.key;
  const isArrow = /^Arrow/.test(key);
  const action = Object.hasOwn(KEY_ACTIONS, key) ? KEY_ACTIONS[key] : null;
  if (!isArrow && !action) return;
  event.preventDefault();
  if (isArrow) arrow(app, key, event.shiftKey);
  else action(app);
}

function nextQuantity(app) {
  if (app.model.spectrogram) return;
  const names = Object.keys(QUANTITIES).filter((name) => name !== "density" || app.model.hasDensity);
  app.setQuantity(names[(names.indexOf(app.state.quantity) + 1) % names.length]);
  app.announce(QUANTITIES[app.state.quantity].name);
}

function refit(app) {
  if (app.model.spectrogram) return;
  app.state.remember();
  app.fitLevels();
  app.changed();
}

function listenToControls(app) {
  const onClick = (id, action) => byId(id).addEventListener("click", action);
  onClick("zoom-in", () => app.zoomAtCursor(1 / ZOOM_STEP));
  onClick("zoom-out", () => app.zoomAtCursor(ZOOM_STEP));
  onClick("back", () => app.back());
  onClick("reset", () => app.reset());
  onClick("fit", () => refit(app));
  onClick("harmonics", () => app.toggleHarmonics());
  onClick("mark", () => app.toggleMark());
  onClick("help-button", () => byId("help").showModal());
  for (const kind of Object.keys(SAVERS)) onClick(`save-${kind}`, () => SAVERS[kind](app));
  for (const name of SWITCHES) byId(name).addEventListener("change", (event) => app.setSwitch(name, event.target.checked));
  byId("axis-choice").addEventListener("change", (event) => app.setAxis(event.target.value));
  byId("quantity-choice").addEventListener("change", (event) => app.setQuantity(event.target.value));
  byId("theme").addEventListener("change", (event) => app.setTheme(event.target.value));
  for (const name of ["coldest", "hottest"]) {
    byId(name).addEventListener("change", () => app.setColours(byId("coldest").valueAsNumber, byId("hottest").valueAsNumber));
  }
}
