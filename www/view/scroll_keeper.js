/* Keeps what one reads where it is, while rows come and go above and below and change their height.
 *
 * Done by hand rather than by the browser's scroll anchoring, which Safari lacks: either the list is pinned to its bottom, or
 * the first row in view is the anchor, and every change of layout puts that row back to where it was. */

/** This near to the bottom is at the bottom. */
const BOTTOM_PX = 100;
/** This near to the end of what is loaded, more is fetched. */
const NEAR_PX = 800;
/** A row counts as seen once this much of it is in view. */
const SEEN_PX = 12;

/**
 * @typedef {object} Position
 * @property {boolean} atBottom
 * @property {boolean} nearTop
 * @property {boolean} nearBottom
 * @property {number} seenSeq the newest event in view; 0 when there is none
 */

export class ScrollKeeper {
  pinned = true;
  /** @type {HTMLElement} */
  #scroller;
  /** @type {HTMLElement} */
  #rows;
  /** @type {{ key: string, top: number } | null} */
  #anchor = null;
  /** Where the list was scrolled to, as far as is known here. */
  #top = 0;
  #resizes;
  #onScroll;

  /**
   * @param {HTMLElement} scroller
   * @param {HTMLElement} rows its children carry data-key if they stay beside their neighbours (a day does not: it moves up when
   *   older messages of that day come), and data-seq where they have a number
   * @param {() => void} onMove after a scroll or a change of size
   */
  constructor(scroller, rows, onMove) {
    this.#scroller = scroller;
    this.#rows = rows;
    this.#onScroll = () => {
      this.capture();
      onMove();
    };
    scroller.addEventListener('scroll', this.#onScroll, { passive: true });
    this.#resizes = new ResizeObserver(() => {
      this.restore();
      onMove();
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
    const { top } = this.#scroller.getBoundingClientRect();
    let row = /** @type {HTMLElement | null | undefined} */ (this.#rowAt(top));
    while (row && row.dataset.key === undefined) row = /** @type {HTMLElement | null} */ (row.nextElementSibling);
    this.#anchor = row ? { key: row.dataset.key ?? '', top: row.getBoundingClientRect().top - top } : null;
    this.#top = this.#scroller.scrollTop;
  }

  /** Whether it has been scrolled since: what moves the focus scrolls at once, and the browser tells of it with the next frame. */
  get hasMoved() {
    return Math.abs(this.#scroller.scrollTop - this.#top) >= 1;
  }

  /** Puts it back there. After rows have changed. */
  restore() {
    if (this.pinned) {
      this.toBottom();
      return;
    }
    const anchor = this.#anchor;
    const row = anchor && this.rowOf(anchor.key);
    if (!row) return;
    const moved = row.getBoundingClientRect().top - this.#scroller.getBoundingClientRect().top - anchor.top;
    if (Math.abs(moved) >= 0.5) this.#scroller.scrollTop += moved;
    this.#top = this.#scroller.scrollTop;
  }

  toBottom() {
    this.#scroller.scrollTop = this.#scroller.scrollHeight;
    this.#top = this.#scroller.scrollTop;
  }

  /**
   * Where a room begins that has something unread: at its bottom, unless the "new" line would be out of view there.
   * @param {string} key
   */
  toRowOrBottom(key) {
    this.toBottom();
    const row = this.rowOf(key);
    const above = row ? row.getBoundingClientRect().top - this.#scroller.getBoundingClientRect().top - SEEN_PX : 0;
    if (above >= 0) return;
    this.pinned = false;
    this.#scroller.scrollTop += above;
    this.capture();
  }

  /** An event, or that which stands in its place, in the middle. @param {number} seq */
  toSeq(seq) {
    const rows = [...this.#rows.children].filter((row) => Number(/** @type {HTMLElement} */ (row).dataset.seq ?? 0) >= seq);
    const row = /** @type {HTMLElement | undefined} */ (rows[0]);
    if (!row) return this.toBottom();
    this.pinned = false;
    row.scrollIntoView({ block: 'center' });
    this.capture();
  }

  /** @returns {Position} */
  get position() {
    const { scrollTop, scrollHeight, clientHeight } = this.#scroller;
    const below = scrollHeight - clientHeight - scrollTop;
    return {
      atBottom: below <= BOTTOM_PX,
      nearTop: scrollTop < NEAR_PX,
      nearBottom: below < NEAR_PX,
      seenSeq: this.#seenSeq(),
    };
  }

  /** @param {string} key */
  rowOf(key) {
    return /** @type {HTMLElement | null} */ (this.#rows.querySelector(`:scope > [data-key="${CSS.escape(key)}"]`));
  }

  #seenSeq() {
    const { bottom } = this.#scroller.getBoundingClientRect();
    let row = this.#rowAt(bottom - SEEN_PX) ?? this.#rows.lastElementChild;
    while (row && (!(/** @type {HTMLElement} */ (row).dataset.seq) || row.getBoundingClientRect().top > bottom - SEEN_PX)) {
      row = row.previousElementSibling;
    }
    return Number(/** @type {HTMLElement | null} */ (row)?.dataset.seq ?? 0);
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
