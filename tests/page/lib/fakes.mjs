/* What models take from outside, for tests: a clock that moves by hand, storage in memory, and a server of few words. */
import { JsonStorage } from '../../../www/lib/storage.js';
import { Chat } from '../../../www/model/chat.js';

export class FakeClock {
  #now = 1_790_000_000_000;
  #timers = new Map();
  #lastTimer = 0;

  now = () => this.#now;

  after = (action, delay_ms) => {
    this.#timers.set(++this.#lastTimer, { action, at: this.#now + delay_ms });
    return this.#lastTimer;
  };

  cancel = (timer) => {
    this.#timers.delete(timer);
  };

  /** Runs what falls due, in order. */
  pass(ms) {
    const end = this.#now + ms;
    for (;;) {
      const due = [...this.#timers].filter(([, { at }]) => at <= end).sort(([, a], [, b]) => a.at - b.at)[0];
      if (!due) break;
      this.#timers.delete(due[0]);
      this.#now = Math.max(this.#now, due[1].at);
      due[1].action();
    }
    this.#now = end;
  }
}

/** @param {Map<string, string>} [content] shared between two of them, it is what survives a reload */
export function fakeStorage(content = new Map()) {
  return new JsonStorage(() => ({
    getItem: (key) => content.get(key) ?? null,
    setItem: (key, value) => void content.set(key, value),
    removeItem: (key) => void content.delete(key),
  }));
}

/** All that was asked of a promise has happened. */
export const settled = () => new Promise((resolve) => setImmediate(resolve));

export function message(
  seq,
  { room = 1, author = { id: 8, name: 'Ben' }, body = `message ${seq}`, at = seq * 1000, id, reply_to } = {},
) {
  return { type: 'message', room, seq, author, body, at, ...(id && { id }), ...(reply_to && { reply_to }) };
}

/** The numbers from first to last as messages. */
export function messages(first, last, options) {
  return Array.from({ length: Math.max(last - first + 1, 0) }, (_, index) => message(first + index, options));
}

export const seqsOf = (timeline) => timeline.events.map(({ seq }) => seq);

export const range = (first, last) => Array.from({ length: last - first + 1 }, (_, index) => first + index);

/**
 * A chat whose server is the test: `sent` holds the frames that went out, `answer` settles a request. History requests are
 * answered from `history` (room id to number of events) by themselves.
 */
export function fakeChat({
  shared = fakeStorage(),
  tab = fakeStorage(),
  me = { id: 7, name: 'Anna' },
  history = {},
} = {}) {
  const clock = new FakeClock();
  const requests = [];
  const made = {
    clock,
    shared,
    tab,
    sent: [],
    requests,
    connected: false,
    reconnects: 0,
    rechecks: 0,
    settledTimes: 0,
  };
  const port = {
    send(frame) {
      if (made.connected) made.sent.push(frame);
      return made.connected;
    },
    request(frame) {
      return new Promise((resolve, reject) => {
        if (!made.connected) return reject(null);
        made.sent.push(frame);
        if (frame.type === 'history') resolve(page(frame));
        else requests.push({ frame, resolve, reject });
      });
    },
    reconnect: () => void made.reconnects++,
    recheckIdentity: () => void made.rechecks++,
    settled: () => void made.settledTimes++,
  };
  const page = ({ room, before, after, around, limit }) => {
    const total = history[room] ?? 0;
    let first = Math.max((before ?? total + 1) - limit, 1);
    let last = (before ?? total + 1) - 1;
    if (after !== undefined) [first, last] = [after + 1, Math.min(after + limit, total)];
    if (around !== undefined)
      [first, last] = [Math.max(around - limit / 2, 1), Math.min(around + limit / 2 - 1, total)];
    return {
      type: 'history',
      room,
      events: messages(first, last, { room }),
      more: after === undefined ? first > 1 : last < total,
    };
  };
  const chat = new Chat({ port, clock, shared, tab });
  chat.enter(me);

  return Object.assign(made, {
    chat,
    room: (id = 1) => chat.rooms.get(id),
    /** A connection begins; every join is answered, or refused with `refusal`. */
    async connect(
      rooms = [{ id: 1, name: 'lobby', last_seq: history[1] ?? 0, archived: false }],
      { user = me, refusal, ...more } = {},
    ) {
      made.connected = true;
      made.sent.length = 0;
      chat.receive({
        type: 'welcome',
        protocol: 1,
        user,
        server: { name: 'Hubbub', version: '1', now: clock.now() },
        epoch: 'one',
        rooms,
        ...more,
      });
      if (refusal) for (const { reject } of requests.splice(0)) reject({ type: 'error', ...refusal });
      await this.answerJoins(rooms);
    },
    async answerJoins(rooms) {
      for (const { frame, resolve } of requests.splice(0)) {
        resolve({ type: 'ack', room: frame.room, last_seq: rooms.find(({ id }) => id === frame.room)?.last_seq ?? 0 });
      }
      await settled();
    },
    drop(cause = 'lost') {
      made.connected = false;
      for (const { reject } of requests.splice(0)) reject(null);
      chat.disconnected(cause);
    },
    sends: () => made.sent.filter(({ type }) => type === 'send').map(({ body }) => body),
    joins: () => made.sent.filter(({ type }) => type === 'join'),
  });
}
