// SPDX-License-Identifier: GPL-2.0-or-later
// What a reader can do with the list: sort, filter, open; and the address that keeps it.

/** A number as a reader writes it, also as minutes and seconds; null for nothing, undefined for anything else. */
function readBound(text) {
  const plain = text.trim().replace(/\u2212/g, "-").replace(/,(?=\d{3}(\D|$))/g, "");
  if (plain === "") return null;
  const [, hours, minutes, seconds] = /^(?:(\d{1,4}):)?(\d{1,4}):(\d{1,2}(?:\.\d+)?)$/.exec(plain) ?? [];
  if (minutes !== undefined) return 3600 * Number(hours ?? 0) + 60 * Number(minutes) + Number(seconds);
  return readNumber(plain);
}

/** Width of the column of names on a wide screen, where its numbers stay near it. */
const MOST_NAME = 560;

class List {
  constructor(description, arrays) {
    this.description = description;
    this.recordings = new Recordings(description);
    this.thumbnails = description.thumbnails ? new Thumbnails(description.thumbnails, arrays) : null;
    this.home = { sort: "name", isFalling: false, text: "", status: "all" };
    this.fillFrame();
    this.rows = new Rows(byId("recordings"), (index) => this.row(index));
    this.listen();
    this.goToHash();
  }

  // MARK: The frame

  fillFrame() {
    const { description, recordings } = this;
    setText(byId("title"), description.title);
    setText(byId("subtitle"), description.subtitle);
    showTheme(askedTheme(description) ?? "auto");
    setText(byId("program"), `Written by ${description.program}. Options: ${description.options}`);
    byId("remarks").append(...description.remarks.map((textContent) => element("li", { textContent })));
    const statuses = STATUS_ORDER.map((status) => [status, recordings.countOf(status)]).filter(([, count]) => count > 0);
    const choices = statuses.map(([value, count]) => [value, `${STATUS_NAMES[value]} (${grouped(count)})`]);
    byId("status").append(...[["all", "all"], ...choices].map(([value, textContent]) => element("option", { value, textContent })));
    this.fillHead();
  }

  fillHead() {
    const { columns } = this.recordings;
    const widths = [this.thumbnails ? THUMBNAIL.width + 6 : 0, ...columns.map(({ width }) => width)];
    byId("widths").append(...widths.filter((width, place) => width > 0 || place > 0).map((width) => {
      const column = element("col");
      if (width > 0) column.style.width = `${width}px`;
      return column;
    }));
    const width = widths.reduce((sum, own) => sum + own, 0);
    byId("recordings").style.width = `clamp(calc(${width}px + var(--least-name)), var(--room), ${width + MOST_NAME}px)`;
    if (this.thumbnails) {
      const axes = this.thumbnails.axes.map((textContent) => element("small", { textContent }));
      byId("heads").append(element("th", { scope: "col" }, element("span", { textContent: "Spectrum" }), ...axes));
      byId("ranges").append(element("td"));
    }
    for (const column of columns) {
      const { key, title, unit, isNumber } = column;
      const button = element("button", { type: "button", textContent: title });
      if (unit) button.append(element("small", { textContent: unit }));
      button.addEventListener("click", () => this.sortBy(key));
      const head = element("th", { scope: "col", className: isNumber ? "number" : "" }, button);
      head.dataset.key = key;
      byId("heads").append(head);
      const inputs = ["from", "to"].map((end) => this.bound(column, end));
      byId("ranges").append(element("td", {}, ...(isNumber ? inputs : [])));
    }
  }

  /** The field of one end of a range. */
  bound({ key, title, unit }, end) {
    const input = element("input", { type: "text", inputMode: "decimal", placeholder: end, autocomplete: "off", id: `${key}-${end}` });
    input.setAttribute("aria-label", `${title} ${end}, ${unit}`);
    input.addEventListener("input", () => this.setBound(key, end === "from" ? 0 : 1, input));
    return input;
  }

  // MARK: Rows

  row(index) {
    const { columns, entries } = this.recordings;
    const page = entries.page[index];
    const isFailed = entries.status[index] === "error";
    const cells = this.thumbnails ? [element("td", { className: "thumbnail" }, ...this.curve(index, page))] : [];
    for (const column of columns) {
      if (isFailed && column.isNumber) break;
      cells.push(column.key === "name" ? this.nameCell(index, page) : this.cell(column, index));
    }
    if (isFailed) {
      const words = element("span", { className: "words", textContent: entries.error[index], title: entries.error[index] });
      cells.push(element("td", { className: "reason", colSpan: columns.filter(({ isNumber }) => isNumber).length + 1 }, words));
    }
    return element("tr", { className: isFailed ? "failed" : "" }, ...cells);
  }

  curve(index, page) {
    const image = this.thumbnails.image(index);
    if (page === null) return [image];
    const link = element("a", { href: page, tabIndex: -1 }, image);
    link.setAttribute("aria-hidden", "true");
    return [link];
  }

  nameCell(index, page) {
    const textContent = this.recordings.entries.name[index];
    const members = { className: "name words", textContent, title: textContent };
    const name = page === null ? element("span", members) : element("a", { ...members, href: page });
    return element("th", { scope: "row" }, name);
  }

  cell(column, index) {
    return element("td", { className: column.isNumber ? "number" : column.key, textContent: column.text(index) });
  }

  // MARK: Changes

  sortBy(key) {
    const { state } = this;
    state.isFalling = state.sort === key && !state.isFalling;
    state.sort = key;
    this.changed();
    const { title } = this.recordings.keys.get(key);
    setText(byId("spoken"), `Sorted by ${title.toLowerCase()}, ${state.isFalling ? "falling" : "rising"}`);
  }

  setBound(key, place, input) {
    const bound = readBound(input.value);
    input.setAttribute("aria-invalid", bound === undefined);
    const range = this.state.ranges[key] ?? [null, null];
    range[place] = bound ?? null;
    if (range[0] === null && range[1] === null) delete this.state.ranges[key];
    else this.state.ranges[key] = range;
    this.changed();
  }

  clear() {
    const { sort, isFalling } = this.state;
    this.state = { ...this.home, sort, isFalling, ranges: {} };
    this.fillControls();
    this.changed();
  }

  showRanges(isShown) {
    byId("ranges").hidden = !isShown;
    byId("ranges-button").setAttribute("aria-expanded", isShown);
  }

  changed() {
    const { state, recordings } = this;
    const list = recordings.matching(state);
    for (const head of byId("heads").querySelectorAll("[data-key]")) {
      const isSorted = head.dataset.key === state.sort;
      head.setAttribute("aria-sort", !isSorted ? "none" : state.isFalling ? "descending" : "ascending");
    }
    const [one, many] = recordings.keys.has("channel") ? ["channel", "channels"] : ["recording", "recordings"];
    setText(byId("count"), `${grouped(list.length)} of ${counted(recordings.count, one, many)}`);
    byId("nothing").hidden = list.length > 0;
    setText(byId("nothing"), recordings.count > 0 ? "No recording fits these filters." : "There are no recordings.");
    const isCut = list.length > MOST_PRINTED;
    setText(byId("cut"), isCut ? `Only the first ${grouped(MOST_PRINTED)} are printed; filters choose others.` : "");
    const hasRanges = Object.keys(state.ranges).length > 0 || byId("ranges").querySelector("[aria-invalid=true]") !== null;
    byId("clear").disabled = state.text === "" && state.status === "all" && !hasRanges;
    this.rows.show(list);
    clearTimeout(this.keeping);
    this.keeping = setTimeout(() => replaceHash(this.toHash()), 250);
  }

  fillControls() {
    const { state, recordings } = this;
    byId("text").value = state.text;
    byId("status").value = state.status;
    for (const { key, isNumber } of recordings.columns) {
      if (!isNumber) continue;
      ["from", "to"].forEach((end, place) => {
        const input = byId(`${key}-${end}`);
        input.value = state.ranges[key]?.[place] ?? "";
        input.removeAttribute("aria-invalid");
      });
    }
    if (Object.keys(state.ranges).length > 0) this.showRanges(true);
  }

  // MARK: The address

  toHash() {
    const { state } = this;
    const words = new URLSearchParams();
    if (state.sort !== this.home.sort) words.set("sort", state.sort);
    if (state.isFalling) words.set("order", "falling");
    if (state.text !== "") words.set("text", state.text);
    if (state.status !== "all") words.set("status", state.status);
    for (const [key, [low, high]] of Object.entries(state.ranges)) {
      if (low !== null) words.set(`${key}-from`, low);
      if (high !== null) words.set(`${key}-to`, high);
    }
    return words.toString();
  }

  /** Takes what can be understood of the address. */
  goToHash() {
    const { home, recordings } = this;
    const words = new URLSearchParams(location.hash.replace(/^#/, ""));
    this.state = {
      sort: oneOf(...recordings.keys.keys())(words.get("sort")) ?? home.sort,
      isFalling: words.get("order") === "falling",
      text: words.get("text") ?? home.text,
      status: oneOf(...[...byId("status").options].map(({ value }) => value))(words.get("status")) ?? home.status,
      ranges: {},
    };
    for (const { key, isNumber } of recordings.columns) {
      const range = ["from", "to"].map((end) => readNumber(words.get(`${key}-${end}`) ?? "") ?? null);
      if (isNumber && range.some((bound) => bound !== null)) this.state.ranges[key] = range;
    }
    this.fillControls();
    this.changed();
  }

  // MARK: Events

  listen() {
    // Without the bar that scrolls, which 100vw has in it.
    const measure = () => document.documentElement.style.setProperty("--window", `${document.documentElement.clientWidth}px`);
    addEventListener("resize", measure);
    measure();
    byId("filters").addEventListener("submit", (event) => event.preventDefault());
    byId("text").addEventListener("input", ({ target }) => this.set("text", target.value));
    byId("status").addEventListener("change", ({ target }) => this.set("status", target.value));
    byId("clear").addEventListener("click", () => this.clear());
    byId("ranges-button").addEventListener("click", () => this.showRanges(byId("ranges").hidden));
    byId("theme").addEventListener("change", ({ target }) => showTheme(target.value));
    addEventListener("hashchange", () => {
      if (location.hash.replace(/^#/, "") !== this.toHash()) this.goToHash();
    });
    addEventListener("beforeprint", () => this.rows.print(true));
    addEventListener("afterprint", () => this.rows.print(false));
    document.addEventListener("keydown", (event) => {
      if (event.key !== "/" || event.target.matches("input, select") || event.ctrlKey || event.altKey || event.metaKey) return;
      event.preventDefault();
      byId("text").focus();
    });
  }

  set(member, value) {
    this.state[member] = value;
    this.changed();
  }
}
