/* Events seen beyond the read position, as runs. After a link into the middle of unread events, the position stays
 * where it was, and jumps over these runs once the reader has seen the events between. */

/** @typedef {{ first: number, last: number }} Run */

export class Seen {
  /** In order; none touches another. @type {Run[]} */
  #runs = [];

  /**
   * @param {number} first
   * @param {number} last
   */
  add(first, last) {
    const touching = this.#runs.filter((run) => run.last >= first - 1 && run.first <= last + 1);
    const merged = {
      first: Math.min(first, ...touching.map((run) => run.first)),
      last: Math.max(last, ...touching.map((run) => run.last)),
    };
    this.#runs = [...this.#runs.filter((run) => !touching.includes(run)), merged].sort((a, b) => a.first - b.first);
  }

  clear() {
    this.#runs = [];
  }

  /**
   * The last event before which everything has been read.
   * @param {number} readSeq
   * @param {(after: number) => number | null} nextToRead the first event after this one that is for reading; null: not known
   */
  reach(readSeq, nextToRead) {
    let reached = readSeq;
    for (const { first, last } of this.#runs) {
      if (last <= reached) continue;
      const next = first <= reached + 1 ? first : nextToRead(reached);
      if (next === null || next < first) break;
      reached = last;
    }
    this.#runs = this.#runs.filter(({ last }) => last > reached);
    return reached;
  }
}
