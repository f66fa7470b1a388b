// SPDX-License-Identifier: GPL-2.0-or-later
// The rows of a long table: only those in sight exist, and the room of the others is kept.

/** Lists up to this length have all of their rows, so that the search of the browser finds them. */
const WHOLE_LIST = 300;
/** Rows beyond the edges of the window. */
const ROWS_AHEAD = 12;
/** Rows that are printed: forty to a page, more than anybody wants on paper. */
const MOST_PRINTED = 2000;

class Rows {
  /** `make` makes the row of a recording at its place in the table; `table` has a head and an empty body. */
  constructor(table, make) {
    this.table = table;
    this.body = table.tBodies[0];
    this.make = make;
    this.list = [];
    this.rendered = new Map();
    this.current = 0;
    this.height = 42;
    this.isPrinting = false;
    const gap = () => element("tr", { className: "gap" }, element("td", { colSpan: table.tHead.rows[0].cells.length }));
    [this.above, this.below] = [gap(), gap()];
    for (const row of [this.above, this.below]) row.setAttribute("aria-hidden", "true");
    this.body.append(this.above, this.below);
    const later = () => (this.frame ??= requestAnimationFrame(() => this.render()));
    addEventListener("scroll", later, { passive: true });
    addEventListener("resize", later);
    table.addEventListener("keydown", (event) => this.onKey(event));
    this.body.addEventListener("focusin", (event) => this.onFocus(event));
  }

  /** Shows other recordings, or the same in another order, from the first one on. */
  show(list) {
    this.list = list;
    this.current = 0;
    this.forget(() => true);
    this.table.setAttribute("aria-rowcount", list.length + this.table.tHead.rows.length);
    this.render();
    const height = this.rendered.get(0)?.getBoundingClientRect().height;
    if (height > 0 && Math.abs(height - this.height) > 0.01) {
      this.height = height;
      this.render();
    }
    const hidden = this.body.getBoundingClientRect().top - this.headHeight;
    if (hidden < 0) scrollBy(0, hidden);
  }

  /** Makes rows exist for printing, or only those in sight again, where the reader was. */
  print(isPrinting) {
    if (isPrinting && !this.isPrinting) this.seen = scrollY;
    this.isPrinting = isPrinting;
    this.render();
    if (isPrinting) return;
    scrollTo(0, this.seen ?? scrollY);
    this.render();
  }

  /** What the head of the table covers of the window. */
  get headHeight() {
    const { tHead } = this.table;
    return getComputedStyle(tHead).position === "sticky" ? tHead.getBoundingClientRect().height : 0;
  }

  /** The first row that exists, and the one behind the last. */
  window() {
    const count = this.list.length;
    if (this.isPrinting) return [0, Math.min(count, MOST_PRINTED)];
    if (count <= WHOLE_LIST) return [0, count];
    const offset = -this.body.getBoundingClientRect().top / this.height;
    const first = clamp(Math.floor(offset) - ROWS_AHEAD, 0, count);
    return [first, clamp(Math.ceil(offset + innerHeight / this.height) + ROWS_AHEAD, first, count)];
  }

  render() {
    cancelAnimationFrame(this.frame);
    this.frame = undefined;
    const [first, end] = this.window();
    const hadFocus = this.body.contains(document.activeElement);
    this.forget((place) => place < first || place >= end);
    let next = this.below;
    for (let place = end - 1; place >= first; place -= 1) {
      let row = this.rendered.get(place);
      if (!row) {
        row = this.make(this.list[place]);
        row.setAttribute("aria-rowindex", place + 1 + this.table.tHead.rows.length);
        row.dataset.place = place;
        this.rendered.set(place, row);
        next.before(row);
      }
      next = row;
    }
    this.setGap(this.above, first);
    this.setGap(this.below, this.isPrinting ? 0 : this.list.length - end);
    // Now that the page has its length again: the focus would lay it out.
    if (hadFocus && !this.body.contains(document.activeElement)) this.table.focus({ preventScroll: true });
    if (this.current < first || this.current >= end) this.current = clamp(first + ROWS_AHEAD, first, Math.max(end - 1, first));
    this.mark();
  }

  setGap(row, count) {
    row.hidden = count <= 0;
    row.cells[0].style.height = `${count * this.height}px`;
  }

  forget(isOut) {
    for (const [place, row] of this.rendered) {
      if (!isOut(place)) continue;
      row.remove();
      this.rendered.delete(place);
    }
  }

  /** One row is reached by the Tab key. */
  mark() {
    for (const [place, row] of this.rendered) row.querySelector(".name").tabIndex = place === this.current ? 0 : -1;
  }

  onFocus({ target }) {
    const place = target.closest("tr")?.dataset.place;
    if (place === undefined) return;
    this.current = Number(place);
    this.mark();
  }

  /** Moves the focus to a row, which comes into sight. */
  moveTo(place) {
    if (this.list.length === 0) return;
    this.current = clamp(place, 0, this.list.length - 1);
    const top = this.body.getBoundingClientRect().top + this.current * this.height;
    const hidden = this.headHeight;
    if (top < hidden) scrollBy(0, top - hidden);
    else if (top + this.height > innerHeight) scrollBy(0, top + this.height - innerHeight);
    this.render();
    this.rendered.get(this.current)?.querySelector(".name").focus({ preventScroll: true });
  }

  onKey(event) {
    const isInBody = event.target === this.table || this.body.contains(event.target);
    if (!isInBody || event.ctrlKey || event.altKey || event.metaKey) return;
    const page = Math.max(1, Math.floor(innerHeight / this.height) - 3);
    const place = {
      ArrowDown: this.current + 1, ArrowUp: this.current - 1, PageDown: this.current + page, PageUp: this.current - page,
      Home: 0, End: this.list.length - 1,
    }[event.key];
    if (place === undefined) return;
    event.preventDefault();
    this.moveTo(place);
  }
}
