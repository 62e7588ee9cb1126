/* Keeps what one reads where it is, while rows come and go above and below and change their height.
 *
 * Done by hand rather than by the browser's scroll anchoring, which Safari lacks: either the list is pinned to its bottom, or
 * the first row in view is the anchor, and every change of layout puts that row back to where it was. */

/** This near to the bottom is at the bottom: with more, the next drawing would move what one reads. */
const BOTTOM_PX = 4;
/** This near to it, nothing needs to lead there. */
const LEAD_PX = 100;
/** This near to the end of what is loaded, more is fetched. */
const NEAR_PX = 800;
/** So much of the list is left above the "new" line that one is led to. */
const ABOVE_PX = 12;
/** So near to the top, a day's row makes another word of the day needless. */
const DAY_PX = 40;

/**
 * @typedef {object} Position
 * @property {boolean} atBottom
 * @property {boolean} nearLatest too near to the bottom for a button that leads there
 * @property {boolean} nearTop
 * @property {boolean} nearBottom
 * @property {{ first: number, last: number } | null} inView the oldest and the newest event whose end is in view
 */

export class ScrollAnchor {
  pinned = true;
  /** Nobody looks: the list stays at its bottom only as long as the "new" line is in view there. */
  waits = false;
  /** @type {HTMLElement} */
  #scroller;
  /** @type {HTMLElement} */
  #rows;
  /** Where it is in the window: a banner above the list moves nothing. @type {{ key: string, seq: number, top: number } | null} */
  #anchor = null;
  /** Where the list itself begins, likewise. */
  #areaTop = 0;
  /** Where the list was scrolled to, as far as is known here. */
  #top = 0;
  /** How far it could be scrolled then. */
  #range = 0;
  #resizes;
  #onScroll;

  /**
   * @param {HTMLElement} scroller
   * @param {HTMLElement} rows its children carry data-key if they stay beside their neighbours (a day does not: it moves up when
   *   older messages of that day come; nor does the "new" line), and data-seq where they have a number; data-first where that is
   *   the last of several
   * @param {(isReader: boolean) => void} onMove after a scroll, by the reader or from here, or a change of size
   */
  constructor(scroller, rows, onMove) {
    this.#scroller = scroller;
    this.#rows = rows;
    this.#onScroll = () => {
      const isReader = this.hasMoved;
      this.settle();
      this.#remember();
      onMove(isReader);
    };
    scroller.addEventListener('scroll', this.#onScroll, { passive: true });
    this.#resizes = new ResizeObserver(() => {
      this.restore();
      onMove(false);
    });
    this.#resizes.observe(scroller);
    this.#resizes.observe(/** @type {HTMLElement} */ (rows.parentElement));
  }

  stop() {
    this.#scroller.removeEventListener('scroll', this.#onScroll);
    this.#resizes.disconnect();
  }

  /** Remembers where the anchor is. Before rows change. */
  capture() {
    /* A banner has come or gone just now. */
    if (this.#anchor && this.#scroller.getBoundingClientRect().top !== this.#areaTop) this.restore();
    this.#remember();
  }

  #remember() {
    const { top, bottom } = this.#scroller.getBoundingClientRect();
    this.#areaTop = top;
    let row = keyed(this.#rowAt(top));
    /* The "new" line may go away: what is read is what comes after it. */
    const line = this.#line;
    const next = line && keyed(line);
    if (line && next && line.getBoundingClientRect().bottom > top && next.getBoundingClientRect().top < bottom)
      row = next;
    this.#anchor = row ? { key: row.dataset.key ?? '', seq: seqOf(row), top: row.getBoundingClientRect().top } : null;
    this.#know();
  }

  #know() {
    this.#top = this.#scroller.scrollTop;
    this.#range = this.#rangeNow;
  }

  get #rangeNow() {
    return this.#scroller.scrollHeight - this.#scroller.clientHeight;
  }

  /** Puts back what a change of size has moved. A scroll event can come before the observer of sizes runs. */
  settle() {
    if (!this.hasMoved && this.#rangeNow !== this.#range) this.restore();
  }

  /** Whether it has been scrolled since: what moves the focus scrolls at once, and the browser tells of it with the next frame. */
  get hasMoved() {
    return Math.abs(this.#scroller.scrollTop - this.#top) >= 1;
  }

  /** Puts it back there. After rows have changed. */
  restore() {
    if (this.pinned) {
      if (this.waits) this.toLineOrBottom();
      else this.toBottom();
      return;
    }
    const anchor = this.#anchor;
    /* What comes and goes may have joined other such events. */
    const row = anchor && (this.rowOf(anchor.key) ?? (anchor.seq ? this.#rowOfSeq(anchor.seq) : null));
    if (!row) return;
    const moved = row.getBoundingClientRect().top - anchor.top;
    if (Math.abs(moved) >= 0.5) this.#scroller.scrollTop += moved;
    this.#know();
  }

  toBottom() {
    this.#scroller.scrollTop = this.#scroller.scrollHeight;
    this.#know();
  }

  /** Where a room begins that has something unread: at its bottom, unless the "new" line would be out of view there. */
  toLineOrBottom() {
    this.toBottom();
    const line = this.#line;
    if (!line) return;
    const above = line.getBoundingClientRect().top - this.#scroller.getBoundingClientRect().top - ABOVE_PX;
    if (above >= 0) return;
    this.pinned = false;
    this.#scroller.scrollTop += above;
    this.#remember();
  }

  /** If there is a line; else one stays where one is. */
  toLine() {
    if (this.#line) this.toLineOrBottom();
    else this.restore();
  }

  /** An event, or that which stands in its place, in the middle. @param {number} seq */
  toSeq(seq) {
    const row = this.#rowOfSeq(seq);
    if (!row) return this.toBottom();
    this.pinned = false;
    row.scrollIntoView({ block: 'center' });
    this.#remember();
  }

  /** @returns {Position} */
  get position() {
    const { scrollTop, scrollHeight, clientHeight } = this.#scroller;
    const below = scrollHeight - clientHeight - scrollTop;
    return {
      atBottom: below <= BOTTOM_PX,
      nearLatest: below <= LEAD_PX,
      nearTop: scrollTop < NEAR_PX,
      nearBottom: below < NEAR_PX,
      inView: this.#inView(),
    };
  }

  /** What the row says of the day that the top row belongs to; null when a day's row is at the top itself. @returns {string | null} */
  get dayAbove() {
    const { top } = this.#scroller.getBoundingClientRect();
    let above = null;
    for (const day of this.#rows.querySelectorAll(':scope > .day')) {
      const box = day.getBoundingClientRect();
      if (box.top > top + DAY_PX) break;
      above = box.bottom > top ? null : day.textContent;
    }
    return above;
  }

  /** Whether an event is out of view, further up. @param {number} seq */
  isAbove(seq) {
    const row = this.#rowOfSeq(seq);
    return row !== null && row.getBoundingClientRect().bottom <= this.#scroller.getBoundingClientRect().top;
  }

  /** @param {string} key */
  rowOf(key) {
    return /** @type {HTMLElement | null} */ (this.#rows.querySelector(`:scope > [data-key="${CSS.escape(key)}"]`));
  }

  /** @returns {HTMLElement | null} */
  get #line() {
    return this.#rows.querySelector(':scope > [data-line]');
  }

  /** The event's row, or the one that stands in its place. @param {number} seq */
  #rowOfSeq(seq) {
    for (const row of this.#rows.children) if (seqOf(row) >= seq) return /** @type {HTMLElement} */ (row);
    return null;
  }

  #inView() {
    const { top, bottom } = this.#scroller.getBoundingClientRect();
    let oldest = 0;
    let newest = 0;
    let row = /** @type {Element | null | undefined} */ (this.#rowAt(top));
    for (; row && row.getBoundingClientRect().bottom <= bottom + BOTTOM_PX; row = row.nextElementSibling) {
      const last = seqOf(row);
      if (!last) continue;
      oldest ||= Number(/** @type {HTMLElement} */ (row).dataset.first ?? last);
      newest = last;
    }
    return newest ? { first: oldest, last: newest } : null;
  }

  /**
   * @param {number} y in the window
   * @returns {HTMLElement | undefined} the first row that ends below it
   */
  #rowAt(y) {
    const rows = this.#rows.children;
    let low = 0;
    let high = rows.length;
    while (low < high) {
      const middle = (low + high) >> 1;
      if (rows[middle].getBoundingClientRect().bottom > y) high = middle;
      else low = middle + 1;
    }
    return /** @type {HTMLElement | undefined} */ (rows[low]);
  }
}

/** @param {Element} row */
function seqOf(row) {
  return Number(/** @type {HTMLElement} */ (row).dataset.seq ?? 0);
}

/** @param {Element | null | undefined} from @returns {HTMLElement | null} the row from there on that stays beside its neighbours */
function keyed(from) {
  let row = /** @type {HTMLElement | null} */ (from ?? null);
  while (row && row.dataset.key === undefined) row = /** @type {HTMLElement | null} */ (row.nextElementSibling);
  return row;
}
