/* What is unread in one room, derived and never counted up for good: from what the server said last and from the events since.
 *
 *      read ........ synced ........... newest
 *           └─ by the server's count ─┘└─ by what arrived here ─┘
 *
 * Reading moves `readSeq` forward; only the server (another device, "mark unread") and the reader's own "mark unread" move it back.
 * A guest's server does not count: then all up to where the room stood at first counts as unread, whatever it was. */

/** @typedef {{ seq: number, mention: boolean }} Arrival */
/** @typedef {{ messages: number, mentions: number }} Tally */

export class Unread {
  /** The newest event that has been read; what is older counts as read too. */
  readSeq = 0;
  /** So far the server has counted. */
  #syncedSeq = 0;
  /** Of what lies between the two, by the server's count. @type {Tally} */
  #synced = { messages: 0, mentions: 0 };
  /** Behind it, messages that arrived here. @type {Arrival[]} */
  #arrived = [];

  get syncedSeq() {
    return this.#syncedSeq;
  }

  get messages() {
    return this.#synced.messages + this.#arrived.length;
  }

  /** Of me, or of everybody. */
  get mentions() {
    return this.#synced.mentions + this.#arrived.filter(({ mention }) => mention).length;
  }

  /**
   * What the server says.
   * @param {object} what
   * @param {number} [what.readSeq] undefined: it was not about that
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

  /** A message has come that counts. @param {number} seq @param {boolean} [mention] */
  arrived(seq, mention = false) {
    if (seq > this.#syncedSeq && seq > this.readSeq) this.#arrived.push({ seq, mention });
  }

  /** A message that counted is deleted. @param {number} seq @param {boolean} mention */
  gone(seq, mention) {
    if (seq > this.#syncedSeq) this.#arrived = this.#arrived.filter((arrival) => arrival.seq !== seq);
    else if (seq > this.readSeq) this.#synced = lessBy(this.#synced, { messages: 1, mentions: mention ? 1 : 0 });
  }

  /** Events up to this one do not come one by one; the count stays what it is. @param {number} seq */
  skipped(seq) {
    const { messages, mentions } = this;
    this.#arrived = [];
    this.sync({ readSeq: Math.min(this.readSeq, seq), messages, mentions, toSeq: seq });
  }

  /**
   * @param {number} seq
   * @param {(after: number, upTo: number) => Tally | null} count what lies between two events; null: they are not all here
   * @returns {boolean} whether that is news
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
   * Back, so that the event after `seq` is the first unread one; the server's own count follows.
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
 * @param {Tally | null} read null: it is not known here; the server will say
 * @returns {Tally}
 */
function lessBy(synced, read) {
  if (!read) return synced;
  return {
    messages: Math.max(synced.messages - read.messages, 0),
    mentions: Math.max(synced.mentions - read.mentions, 0),
  };
}
