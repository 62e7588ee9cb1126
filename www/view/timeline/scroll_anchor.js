/* Keeps the reader's place while rows above and below are added, removed or change their height.
 *
 * The browser's own scroll anchoring is off, as Safari lacks it. Either the list is pinned to its bottom, or the first
 * row in view is the anchor: after every change of layout, that row is put back to where it was. */

/** This near to the bottom counts as at the bottom. A larger value would let the next drawing move the text being read. */
const BOTTOM_PX = 4;
/** This near to the bottom, no button to the latest message is needed. */
const LEAD_PX = 100;
/** This near to the end of the loaded messages, more are fetched. */
const NEAR_PX = 800;
/** Space that is left above the "new" line after a jump to it. */
const ABOVE_PX = 12;
/** This near to the top, a day's row replaces the floating day. */
const DAY_PX = 40;

/**
 * @typedef {object} Position
 * @property {boolean} atBottom
 * @property {boolean} nearLatest so near to the bottom that no button is needed
 * @property {boolean} nearTop
 * @property {boolean} nearBottom
 * @property {{ first: number, last: number } | null} inView the oldest and the newest event whose end is in view
 */

export class ScrollAnchor {
  pinned = true;
  /** The page is hidden: the list stays at its bottom only while the "new" line is in view there. */
  waits = false;
  /** @type {HTMLElement} */
  #scroller;
  /** @type {HTMLElement} */
  #rows;
  /**
   * The anchor and its position in the window, so that a banner above the list moves nothing.
   * @type {{ key: string, seq: number, top: number } | null}
   */
  #anchor = null;
  /** The top of the list in the window. */
  #areaTop = 0;
  /** The last known scroll position. */
  #top = 0;
  /** The largest scroll position at that time. */
  #range = 0;
  #resizes;
  #onScroll;

  /**
   * @param {HTMLElement} scroller
   * @param {HTMLElement} rows its children carry data-key if they stay beside their neighbours (a day does not: it moves up when
   *   older messages of that day come; nor does the "new" line), and data-seq where they have a number; data-first where that is
   *   the last of several
   * @param {(isReader: boolean) => void} onMove called after a scroll, by the reader or by this class, or a change of size
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

  /** Stores the position of the anchor. Call it before rows change. */
  capture() {
    /* A banner has just appeared or disappeared. */
    if (this.#anchor && this.#scroller.getBoundingClientRect().top !== this.#areaTop) this.restore();
    this.#remember();
  }

  #remember() {
    const { top, bottom } = this.#scroller.getBoundingClientRect();
    this.#areaTop = top;
    let row = keyed(this.#rowAt(top));
    /* The "new" line can disappear: the anchor is the row after it. */
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

  /** Restores the anchor after a change of size. A scroll event can come before the resize observer runs. */
  settle() {
    if (!this.hasMoved && this.#rangeNow !== this.#range) this.restore();
  }

  /** Whether the list has been scrolled since: moving the focus scrolls at once, but its scroll event comes with the next
   * frame. */
  get hasMoved() {
    return Math.abs(this.#scroller.scrollTop - this.#top) >= 1;
  }

  /** Puts the anchor back to its position. Call it after rows have changed. */
  restore() {
    if (this.pinned) {
      if (this.waits) this.toLineOrBottom();
      else this.toBottom();
      return;
    }
    const anchor = this.#anchor;
    /* A line of joins and leaves can have become part of another one. */
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

  /** The start position of a room: the bottom, unless the "new" line would then be out of view. */
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

  /** To the "new" line, if there is one; otherwise the position stays. */
  toLine() {
    if (this.#line) this.toLineOrBottom();
    else this.restore();
  }

  /** Scrolls an event, or the row that stands for it, to the middle. @param {number} seq */
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

  /**
   * The day of the top row, as its day's row shows it; null if a day's row is at the top itself.
   * @returns {string | null}
   */
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

  /** Whether an event is above the visible part. @param {number} seq */
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

  /** The event's row, or the row that stands for it. @param {number} seq */
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
