// SPDX-License-Identifier: GPL-2.0-or-later
// What is seen, as one plain object; its way into the address and back; and the views to go back to.

const QUANTITIES = {
  level: { name: "Level", key: "level" },
  amplitude: { name: "Amplitude", key: "amplitude" },
  density: { name: "Density", key: "density" },
};

const SWITCHES = ["range", "mean", "notes", "bands"];

/** The members of a view that zoom and pan change. */
const VIEW_MEMBERS = ["axis", "low", "high", "top", "bottom", "reach", "start", "end"];

class State {
  /**
   * `home` holds the values of a page that was just opened; `homeRange` gives the frequencies of one with an axis;
   * `limits` checks what an address asks for.
   */
  constructor(home, homeRange, limits) {
    this.home = home;
    this.homeRange = homeRange;
    this.limits = limits;
    this.history = [];
    this.lastPush = -Infinity;
    Object.assign(this, home, { hidden: new Set() });
  }

  /** Keeps the view for "back"; the turns of a wheel within a second are one step. */
  remember(isContinuous = false) {
    const now = performance.now();
    if (!isContinuous || now - this.lastPush > 1000) {
      const view = this.view();
      const last = this.history[this.history.length - 1];
      if (!last || VIEW_MEMBERS.some((member) => last[member] !== view[member])) this.history.push(view);
      if (this.history.length > 200) this.history.shift();
    }
    this.lastPush = now;
  }

  view() {
    return Object.fromEntries(VIEW_MEMBERS.map((member) => [member, this[member]]));
  }

  back() {
    const current = this.view();
    let view = this.history.pop();
    while (view && VIEW_MEMBERS.every((member) => view[member] === current[member])) view = this.history.pop();
    if (view) Object.assign(this, view);
    return view !== undefined;
  }

  reset() {
    const { axis } = this;
    for (const member of VIEW_MEMBERS) this[member] = this.home[member];
    this.axis = axis;
    [this.low, this.high] = this.homeRange(axis);
  }

  /** The whole band stays the whole band on the other axis. */
  setAxis(axis) {
    const [low, high] = this.homeRange(this.axis);
    const isWhole = this.low === low && this.high === high;
    this.axis = axis;
    if (isWhole) [this.low, this.high] = this.homeRange(axis);
  }

  /** The address: only what differs from a page that was just opened. */
  toHash() {
    const words = new URLSearchParams();
    const [low, high] = this.homeRange(this.axis);
    const home = { ...this.home, low, high };
    for (const [member, name] of Object.entries(HASH_NAMES)) {
      const value = this[member];
      if (value !== home[member] && value !== null) {
        words.set(name, typeof value === "boolean" ? (value ? "on" : "off") : String(value));
      }
    }
    if (this.hidden.size > 0) words.set("hidden", [...this.hidden].join(","));
    if (!this.isHeld) ["cursor", "cursor-time"].forEach((name) => words.delete(name));
    return words.toString();
  }

  /** Takes what can be understood of an address and leaves the rest at home. */
  fromHash(hash) {
    Object.assign(this, this.home, { hidden: new Set() });
    const words = new URLSearchParams(hash.replace(/^#/, ""));
    this.axis = READERS.axis(words.get("axis")) ?? this.axis;
    [this.low, this.high] = this.homeRange(this.axis);
    for (const [member, name] of Object.entries(HASH_NAMES)) {
      const text = words.get(name);
      if (text === null) continue;
      const value = READERS[member] ? READERS[member](text) : readNumber(text);
      if (value !== undefined) this[member] = value;
    }
    for (const text of (words.get("hidden") ?? "").split(",")) {
      const index = readIndex(text);
      if (index !== undefined) this.hidden.add(index);
    }
    this.isHeld = this.cursor !== null;
    this.limits(this);
  }
}

const HASH_NAMES = {
  axis: "axis", low: "from", high: "to", top: "top", bottom: "bottom", reach: "reach", quantity: "show", start: "start", end: "end",
  cursor: "cursor", mark: "mark", cursorTime: "cursor-time", markTime: "mark-time", harmonics: "harmonics",
  active: "curve", range: "range", mean: "mean", notes: "notes", bands: "bands", coldest: "coldest", hottest: "hottest",
};

const readIndex = (text) => (/^\d$/.test(text) ? Number(text) : undefined);

const readSwitch = (text) => ({ on: true, off: false })[text];

const readPositive = (text) => {
  const value = readNumber(text);
  return value > 0 ? value : undefined;
};

const readFrequency = (text) => {
  const value = readNumber(text);
  return value >= 0 ? value : undefined;
};

const READERS = {
  axis: oneOf("log", "linear"),
  quantity: oneOf("level", "amplitude", "density"),
  active: readIndex, harmonics: readPositive, reach: readPositive, cursor: readFrequency, mark: readFrequency,
  range: readSwitch, mean: readSwitch, notes: readSwitch, bands: readSwitch,
};
