/* One lasting connection, over one WebSocket after another.
 *
 *      start ──► connecting ──welcome──► open
 *                   ▲    │                 │ closed, or silent for too long
 *         timer, wake    └──────► waiting ◄┘
 *                              stop, not signed in, or signed out ──► stopped
 *
 * A try first asks over HTTP who we are, unless the last socket was welcomed: a browser does not say why a handshake
 * was refused; an HTTP answer does. If the server ends it for good (signed out, banned), it stops. An open socket has
 * to prove that it is alive: when nothing has come for a while, or the machine has slept, it has to answer a ping. */
import { Observable } from '../lib/observable.js';
import { STABLE_MS, causeOfAnswer, causeOfClose, delayBefore, signedOutReasonOfClose } from '../model/reconnect.js';
import { ApiError } from './api.js';

/** @typedef {import('../lib/protocol.js').ClientFrame} ClientFrame */
/** @typedef {import('../lib/protocol.js').ServerFrame} ServerFrame */
/** @typedef {'stopped' | 'connecting' | 'waiting' | 'open'} ConnectionState */

/** From the first byte to `welcome`. */
const HANDSHAKE_MS = 10_000;
/** After this long without a frame, we send a ping. */
const QUIET_MS = 25_000;
/** After this long without an answer, the socket is dead. */
const ANSWER_MS = 10_000;
/** The same when there is reason to doubt it: the machine slept, the network changed. */
const PROBE_MS = 4_000;
/** How long a request waits for a connection that is being made. */
const OPENING_MS = 10_000;

export class Connection extends Observable {
  /** @type {ConnectionState} */
  state = 'stopped';
  /** Why there is no connection at the moment. @type {import('../model/reconnect.js').Cause | null} */
  cause = null;
  /** When the connection was lost; null once all rooms have caught up. @type {number | null} */
  downSince = null;
  /** @type {number | null} */
  retryAt = null;

  #needs;
  /** @type {WebSocket | null} */
  #socket = null;
  /** Incremented by everything that makes an earlier try obsolete. */
  #turn = 0;
  #attempt = 0;
  /** As far as we know, the server recognises us. */
  #identified = false;
  /** @type {number | null} what `bye` asked for */
  #asked_ms = null;
  #openedAt = 0;
  #lastId = 0;
  /** @type {Map<string, { type: string, resolve: (frame: any) => void, reject: (reason: unknown) => void }>} */
  #requests = new Map();
  /** @type {number | undefined} the next try, or the end of patience with the present one */
  #timer;
  /** @type {number | undefined} */
  #quiet;
  /** @type {number | undefined} */
  #deadline;

  /**
   * @param {object} needs
   * @param {() => WebSocket} needs.open
   * @param {() => Promise<boolean>} needs.identify does the server know us? Rejects with an ApiError or for want of a server
   *   (when it does not, the connection stops)
   * @param {(why: 'session_ended' | 'banned') => void} needs.onEnded the server has ended our session; the connection is stopped
   * @param {(frame: ServerFrame) => void} needs.onFrame all but the answers to requests
   * @param {(cause: import('../model/reconnect.js').Cause | null) => void} needs.onDown a socket that had been welcomed is gone;
   *   null: we closed it
   * @param {import('../lib/clock.js').Clock} needs.clock
   * @param {() => number} needs.random from 0 to 1
   */
  constructor(needs) {
    super();
    this.#needs = needs;
  }

  /** @param {boolean} [known] the server has just told who we are: it need not be asked again */
  start(known = false) {
    if (this.state !== 'stopped') return;
    this.#attempt = 0;
    this.#identified = known;
    this.downSince = this.#needs.clock.now();
    this.#connect();
  }

  stop() {
    const wasOpen = this.state === 'open';
    this.#drop();
    this.#become('stopped', { cause: null, downSince: null, retryAt: null });
    if (wasOpen) this.#needs.onDown(null);
  }

  /** Stops waiting and tries at once. */
  retryNow() {
    if (this.state === 'waiting') this.#connect();
  }

  /**
   * The network or the reader is back: try at once.
   * @param {boolean} doubt whether an open connection has to answer a ping
   */
  wake(doubt) {
    this.retryNow();
    if (this.state !== 'open' || !doubt) return;
    this.#needs.clock.cancel(this.#deadline);
    this.#deadline = undefined;
    this.#ping(PROBE_MS);
  }

  /** Replaces the socket by a new one. */
  reconnect() {
    if (this.state === 'open') this.#lose('lost');
  }

  /** All rooms have caught up: the trouble is over. */
  settled() {
    if (this.state === 'open' && this.downSince !== null) this.#become('open', { cause: null, downSince: null });
  }

  /**
   * @param {ClientFrame} frame
   * @returns {boolean} false when there is no connection
   */
  send(frame) {
    if (this.state !== 'open' || this.#socket?.readyState !== 1) return false;
    this.#socket.send(JSON.stringify(frame));
    if (frame.id !== undefined) this.#expect(ANSWER_MS);
    return true;
  }

  /**
   * For requests that belong to this connection, such as join and history.
   * @param {ClientFrame} frame without an id
   * @returns {Promise<any>} the answer, an `ack` or the list that was asked for; rejects with the refusal's frame, or with null
   *   when there is no connection or it ends first (lib/refusal.js makes a sentence of either)
   */
  request(frame) {
    const id = `r${++this.#lastId}`;
    return new Promise((resolve, reject) => {
      if (this.send({ ...frame, id })) this.#requests.set(id, { type: frame.type, resolve, reject });
      else reject(null);
    });
  }

  /**
   * For requests of the user, such as lists, rename and ban: the same, but waits a while for a connection that is being
   * made.
   * @param {ClientFrame} frame without an id
   * @returns {Promise<any>}
   */
  async requestWhenOpen(frame) {
    if (this.state !== 'open') await this.#opened();
    return this.request(frame);
  }

  /** @returns {Promise<void>} rejects with null when that takes too long, or the connection stops */
  #opened() {
    const { clock } = this.#needs;
    return new Promise((resolve, reject) => {
      const look = () => {
        if (this.state === 'open') settle(resolve);
        else if (this.state === 'stopped') settle(() => reject(null));
      };
      const settle = (/** @type {() => void} */ how) => {
        clock.cancel(timer);
        end();
        how();
      };
      const timer = clock.after(() => settle(() => reject(null)), OPENING_MS);
      const end = this.observe(look);
      look();
    });
  }

  async #connect() {
    this.#drop();
    const turn = ++this.#turn;
    const { clock, identify, onEnded, open } = this.#needs;
    this.#become('connecting', { retryAt: null });
    if (!this.#identified) {
      try {
        this.#identified = await identify();
      } catch (error) {
        if (turn === this.#turn) this.#retryLater(error instanceof ApiError ? causeOfAnswer(error) : 'unreachable');
        return;
      }
      if (turn !== this.#turn) return;
      if (!this.#identified) return this.stop();
    }
    const socket = open();
    this.#socket = socket;
    let bye = false;
    socket.onmessage = ({ data }) => {
      if (socket !== this.#socket) return;
      const frame = parse(data);
      if (!frame) return;
      if (frame.type === 'bye') {
        bye = true;
        this.#asked_ms = frame.reconnect_in_ms;
      }
      this.#heard(frame);
    };
    socket.onclose = ({ code, reason }) => {
      if (socket !== this.#socket) return;
      const signedOutReason = signedOutReasonOfClose({ code, reason });
      if (signedOutReason) {
        this.stop();
        onEnded(signedOutReason);
      } else this.#lose(causeOfClose({ code, bye, welcomed: this.state === 'open' }));
    };
    this.#timer = clock.after(() => this.#lose('unreachable'), HANDSHAKE_MS);
  }

  /** @param {ServerFrame} frame */
  #heard(frame) {
    const { clock, onFrame } = this.#needs;
    clock.cancel(this.#deadline);
    this.#deadline = undefined;
    if (frame.type === 'welcome' && this.state === 'connecting') {
      clock.cancel(this.#timer);
      this.#openedAt = clock.now();
      this.#become('open', {});
    }
    this.#listen();
    if (!this.#answer(frame)) onFrame(frame);
  }

  /**
   * @param {ServerFrame & { id?: unknown }} frame
   * @returns {boolean} whether it was the answer to a request: an ack, an error, or a list that is called like the request.
   *   Somebody's message may have the same id.
   */
  #answer(frame) {
    const id = String(frame.id ?? '');
    const request = this.#requests.get(id);
    if (!request || !['ack', 'error', request.type].includes(frame.type)) return false;
    this.#requests.delete(id);
    if (frame.type === 'error') request.reject(frame);
    else request.resolve(frame);
    return true;
  }

  /** Sends a ping when nothing has come for long. */
  #listen() {
    const { clock } = this.#needs;
    clock.cancel(this.#quiet);
    this.#quiet = clock.after(() => this.#ping(ANSWER_MS), QUIET_MS);
  }

  /** @param {number} patience_ms */
  #ping(patience_ms) {
    this.#expect(patience_ms);
    this.send({ type: 'ping', id: `r${++this.#lastId}` });
  }

  /** @param {number} patience_ms until a frame must have come; a deadline that is already running stays */
  #expect(patience_ms) {
    this.#deadline ??= this.#needs.clock.after(() => this.#lose('lost'), patience_ms);
  }

  /** @param {import('../model/reconnect.js').Cause} cause */
  #lose(cause) {
    const { clock, onDown } = this.#needs;
    const wasOpen = this.state === 'open';
    if (wasOpen && clock.now() - this.#openedAt >= STABLE_MS) this.#attempt = 0;
    if (!wasOpen) this.#identified = false;
    this.#drop();
    this.#retryLater(cause);
    if (wasOpen) onDown(cause);
  }

  /** @param {import('../model/reconnect.js').Cause} cause */
  #retryLater(cause) {
    const { clock, random } = this.#needs;
    const delay_ms = delayBefore({ attempt: this.#attempt++, cause, random: random(), asked_ms: this.#asked_ms });
    this.#asked_ms = null;
    this.#timer = clock.after(() => this.#connect(), delay_ms);
    const now = clock.now();
    this.#become('waiting', { cause, downSince: this.downSince ?? now, retryAt: now + delay_ms });
  }

  /** Drops the socket, the timers and the open requests. */
  #drop() {
    const { clock } = this.#needs;
    this.#turn++;
    for (const timer of [this.#timer, this.#quiet, this.#deadline]) clock.cancel(timer);
    this.#timer = this.#quiet = this.#deadline = undefined;
    const socket = this.#socket;
    this.#socket = null;
    socket?.close(1000);
    const requests = [...this.#requests.values()];
    this.#requests.clear();
    for (const { reject } of requests) reject(null);
  }

  /**
   * @param {ConnectionState} state
   * @param {Partial<Pick<Connection, 'cause' | 'downSince' | 'retryAt'>>} facts
   */
  #become(state, facts) {
    this.state = state;
    Object.assign(this, facts);
    this.changed();
  }
}

/** @param {unknown} data @returns {ServerFrame | null} */
function parse(data) {
  try {
    const frame = JSON.parse(String(data));
    return typeof frame?.type === 'string' ? frame : null;
  } catch {
    return null;
  }
}
