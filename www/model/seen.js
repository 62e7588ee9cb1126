/* What has been on screen beyond the read position, as runs of events: after a link into the middle of what is unread, the position
 * stays where it was, and takes over what was seen there once the reader has seen what lies between. */

/** @typedef {{ first: number, last: number }} Run */

export class Seen {
  /** In order, none touches another. @type {Run[]} */
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
   * How far one has read without a hole.
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
