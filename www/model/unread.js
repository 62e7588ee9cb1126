/* The unread count of one room, always computed: from the server's last count and the events since then.
 *
 *      read ........ synced ........... newest
 *           └─ by the server's count ─┘└─ by what arrived here ─┘
 *
 * Reading moves `readSeq` forward; only the server (another device, "mark unread") and the reader's own "mark unread"
 * move it back. For a guest, the server does not count: then all events up to the first known newest one count as
 * unread. */

/** @typedef {{ seq: number, mention: boolean }} Arrival */
/** @typedef {{ messages: number, mentions: number }} Tally */

export class Unread {
  /** The newest event that has been read, together with all older ones. */
  readSeq = 0;
  /** The newest event in the server's count. */
  #syncedSeq = 0;
  /** The server's count of the events between readSeq and #syncedSeq. @type {Tally} */
  #synced = { messages: 0, mentions: 0 };
  /** Messages that arrived here after #syncedSeq. @type {Arrival[]} */
  #arrived = [];

  get syncedSeq() {
    return this.#syncedSeq;
  }

  get messages() {
    return this.#synced.messages + this.#arrived.length;
  }

  /** Mentions of the reader, or of everybody. */
  get mentions() {
    return this.#synced.mentions + this.#arrived.filter(({ mention }) => mention).length;
  }

  /**
   * Takes over the server's count.
   * @param {object} what
   * @param {number} [what.readSeq] undefined: unchanged
   * @param {number} what.messages
   * @param {number} what.mentions
   * @param {number} what.toSeq the newest event that it has counted
   */
  sync({ readSeq = this.readSeq, messages, mentions, toSeq }) {
    this.readSeq = readSeq;
    this.#syncedSeq = Math.max(toSeq, readSeq);
    this.#synced = { messages, mentions };
    this.#arrived = this.#arrived.filter(({ seq }) => seq > this.#syncedSeq);
  }

  /** A message that counts has arrived. @param {number} seq @param {boolean} [mention] */
  arrived(seq, mention = false) {
    if (seq > this.#syncedSeq && seq > this.readSeq) this.#arrived.push({ seq, mention });
  }

  /** A message that counted has been deleted. @param {number} seq @param {boolean} mention */
  gone(seq, mention) {
    if (seq > this.#syncedSeq) this.#arrived = this.#arrived.filter((arrival) => arrival.seq !== seq);
    else if (seq > this.readSeq) this.#synced = lessBy(this.#synced, { messages: 1, mentions: mention ? 1 : 0 });
  }

  /** The server skips the events up to this one; the count stays. @param {number} seq */
  skipped(seq) {
    const { messages, mentions } = this;
    this.#arrived = [];
    this.sync({ readSeq: Math.min(this.readSeq, seq), messages, mentions, toSeq: seq });
  }

  /**
   * @param {number} seq
   * @param {(after: number, upTo: number) => Tally | null} count the messages between two events; null: not all of them are loaded
   * @returns {boolean} whether the position has moved
   */
  read(seq, count) {
    if (seq <= this.readSeq) return false;
    if (seq >= this.#syncedSeq) this.#synced = { messages: 0, mentions: 0 };
    else this.#synced = count(seq, this.#syncedSeq) ?? lessBy(this.#synced, count(this.readSeq, seq));
    this.readSeq = seq;
    this.#arrived = this.#arrived.filter((arrival) => arrival.seq > seq);
    return true;
  }

  /**
   * Moves the position back, so that the event after `seq` is the first unread one; the server's count follows later.
   * @param {number} seq
   * @param {number} newest
   * @param {(after: number, upTo: number) => Tally | null} count
   */
  readBack(seq, newest, count) {
    const { messages, mentions } = count(seq, newest) ?? {
      messages: Math.max(this.messages, 1),
      mentions: this.mentions,
    };
    this.sync({ readSeq: seq, messages, mentions, toSeq: newest });
  }
}

/**
 * @param {Tally} synced
 * @param {Tally | null} read null: not known; the server's count follows
 * @returns {Tally}
 */
function lessBy(synced, read) {
  if (!read) return synced;
  return {
    messages: Math.max(synced.messages - read.messages, 0),
    mentions: Math.max(synced.mentions - read.mentions, 0),
  };
}
