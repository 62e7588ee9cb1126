/* A client of the protocol that trusts nothing: it checks each frame's shape, and each room's events: in order, once
 * each.
 *
 *     const anna = await connect(server, { t, name: 'Anna' });
 *     await anna.join('lobby');
 *     const { seq } = await anna.send('lobby', 'hello');
 *     await anna.sees(1, seq);
 *
 * What breaks a rule ends the client: what waits on it fails with the reason, and so does the test at its end. */
import { randomBytes } from 'node:crypto';
import WebSocket from 'ws';
import { cookieOf, postJson } from './http.mjs';
import { isDurable, parseFrame, QUESTIONS } from './shape.mjs';
import { Inbox, until, within } from './wait.mjs';

/** What is answered by a frame of its own type rather than an ack. */
const ANSWERED_BY_NAME = new Set(['history', ...QUESTIONS]);

export const SUB_PROTOCOL = 'hubbub.v1';

export function randomId() {
  return randomBytes(9).toString('base64url');
}

/** The server answered with an `error`. */
export class Refused extends Error {
  constructor(frame) {
    super(`${frame.code}: ${frame.message}`);
    Object.assign(this, { frame, code: frame.code, retryAfterMs: frame.retry_after_ms });
  }
}

/** The connection ended before the answer came. */
export class Disconnected extends Error {
  constructor({ code, reason }) {
    super(`the connection closed with ${code} ${reason}`);
    Object.assign(this, { code, reason });
  }
}

/** The handshake was answered with something else than 101. */
export class NotUpgraded extends Error {
  constructor(status, headers, text) {
    super(`the handshake was answered ${status} ${text}`);
    Object.assign(this, { status, headers, text });
  }
}

/** What one client has seen of a room. It outlives connections. */
export class View {
  /** @type {object[]} gapless: each seq is that of the one before + 1 */
  events = [];
  resets = 0;
  /** True: not all that is there is for this client, so what comes first may be later than `next`. */
  floats = false;

  constructor(room) {
    this.room = room;
    this.next = 1;
  }

  get last() {
    return this.next - 1;
  }

  /** A join was acknowledged: from which event on the room is sent. A view that has events goes on where it was. */
  open(next, floats = false) {
    if (next !== this.next) this.events = [];
    this.next = next;
    this.floats = floats;
  }

  apply(event) {
    if (this.floats && event.seq > this.next) this.next = event.seq;
    this.floats = false;
    if (event.seq !== this.next)
      throw new Error(`room ${this.room}: event ${event.seq} came where ${this.next} was next`);
    this.next++;
    this.events.push(event);
  }

  reset(lastSeq) {
    this.resets++;
    this.events = [];
    this.next = lastSeq + 1;
    this.floats = false;
  }
}

export class Client {
  /** @type {Map<number, View>} by room id; give it to the next connection to resume */
  views = new Map();
  /** With the rooms of all pages, as they were told */
  welcome = null;
  /** @type {Map<number, object>} the rooms of which it was told, as they were told last */
  rooms = new Map();
  /** @type {Error | null} the rule that the server broke */
  failure = null;
  #socket;
  #inbox = new Inbox();
  #pending = new Map();
  #open = new Set();
  #ids = new Map(); // what a join called a room -> the room's id
  #onEvent;
  #lenient;
  #dropped = false;

  /** Not for tests: see connect(). */
  constructor(socket, views, { onEvent, lenient }) {
    this.#socket = socket;
    this.views = views;
    this.#onEvent = onEvent;
    this.#lenient = lenient;
    socket.on('message', (data, isBinary) => this.#received(data, isBinary));
    this.closed = new Promise((resolve) => {
      socket.on('close', (code, reason) => {
        const end = { code, reason: reason.toString() };
        const error = this.failure ?? new Disconnected(end);
        for (const { reject } of this.#pending.values()) reject(error);
        this.#pending.clear();
        this.#inbox.end(error);
        resolve(end);
      });
    });
  }

  /** @type {object[]} every frame so far */
  get frames() {
    return this.#inbox.items;
  }

  get socket() {
    return this.#socket;
  }

  get user() {
    return this.welcome.user;
  }

  /** Whether the room of this id is open, as far as it knows. */
  isOpen(room) {
    return this.#open.has(room);
  }

  #received(data, isBinary) {
    try {
      if (this.failure || this.#dropped) return;
      if (isBinary) throw new Error('a binary frame came');
      const frame = parseFrame(data.toString());
      if ((frame.type === 'welcome') !== (this.welcome === null))
        throw new Error(`welcome is first and once, but ${frame.type} came`);
      this.#take(frame);
      this.#inbox.push(frame);
    } catch (error) {
      this.failure = error;
      this.#socket.terminate();
    }
  }

  #take(frame) {
    if (frame.type === 'welcome') {
      this.welcome = structuredClone(frame); // whose list of rooms grows with the pages
      this.#takeRooms(frame);
    } else if (frame.type === 'welcome_rooms') {
      if (!this.welcome.more) throw new Error('a page of rooms came after the last one');
      this.welcome.rooms.push(...frame.rooms);
      this.welcome.more = frame.more;
      this.#takeRooms(frame);
    } else if (frame.type === 'room' || frame.type === 'membership') {
      this.rooms.set(frame.room.id, { ...this.rooms.get(frame.room.id), history: undefined, ...frame.room });
      if (frame.change === 'left' && !this.#mayRead(frame.room)) this.#open.delete(frame.room.id);
    } else if (frame.type === 'ack' || frame.type === 'error' || ANSWERED_BY_NAME.has(frame.type))
      this.#answered(frame);
    else if (frame.type === 'reset') this.#view(frame).reset(frame.last_seq);
    else if (frame.type === 'typing' || frame.type === 'presence') this.#view(frame);
    else if (isDurable(frame)) {
      this.#view(frame).apply(frame);
      this.#onEvent?.(frame, this);
    }
  }

  #takeRooms({ rooms }) {
    for (const room of rooms) this.rooms.set(room.id, room);
  }

  /** Whether this room, of which one is no member, can be read all the same. */
  #mayRead({ kind }) {
    const isGuest = this.user.role === 'guest' || this.user.role === 'visitor';
    return kind === 'open' || (kind === 'announcement' && !isGuest);
  }

  #view(frame) {
    if (!this.#open.has(frame.room)) throw new Error(`a ${frame.type} of room ${frame.room}, which is not open`);
    return this.views.get(frame.room);
  }

  #answered(frame) {
    if (frame.id === undefined) return;
    const request = this.#pending.get(frame.id);
    if (!request) throw new Error(`an answer that nobody waits for: ${JSON.stringify(frame)}`);
    this.#pending.delete(frame.id);
    if (frame.type === 'error') {
      request.reject(new Refused(frame));
      return;
    }
    const { type, room, after } = request.fields;
    const expected = ANSWERED_BY_NAME.has(type) ? type : 'ack';
    if (frame.type !== expected) throw new Error(`${type} was answered with ${frame.type}`);
    if (type === 'join') this.#joined(room, frame, after);
    if (type === 'leave') this.#open.delete(this.#ids.get(room) ?? room);
    request.resolve(frame);
  }

  #joined(called, { room, last_seq: lastSeq }, after) {
    if (!Number.isInteger(room) || !Number.isInteger(lastSeq))
      throw new Error('the ack of a join lacks room or last_seq');
    this.#ids.set(called, room);
    const oldest = Math.max(1, lastSeq - this.welcome.limits.history_on_join + 1);
    if (!this.views.has(room)) this.views.set(room, new View(room));
    const floats = after === undefined && (this.#lenient || this.rooms.get(room)?.history === 'joined');
    this.views.get(room).open(after === undefined ? oldest : Math.min(after, lastSeq) + 1, floats);
    this.#open.add(room);
  }

  /** Sends any text; the answer, if there is one, is only among the frames. */
  text(text) {
    let request = null;
    try {
      request = JSON.parse(text);
    } catch {
      // not JSON: then no id comes back either
    }
    if (typeof request?.id === 'string') this.#pending.set(request.id, { resolve() {}, reject() {}, fields: request });
    this.#socket.send(text);
  }

  /** The same for an object. */
  post(object) {
    this.text(JSON.stringify(object));
  }

  /**
   * Sends a request: the answer (`ack` or `history`), or Refused, or Disconnected.
   * @param {string} type
   * @param {object} [fields] `id` is made when left out
   */
  request(type, fields = {}) {
    const request = { type, id: randomId(), ...fields };
    const answer = new Promise((resolve, reject) => {
      if (this.#socket.readyState !== WebSocket.OPEN) {
        reject(this.failure ?? new Disconnected({ code: 1006, reason: 'before the request' }));
        return;
      }
      this.#pending.set(request.id, { resolve, reject, fields: request });
      this.#socket.send(JSON.stringify(request));
    });
    const limited = within(answer, `the answer to ${JSON.stringify(request).slice(0, 200)}`);
    limited.catch(() => {}); // a test may look at it later than it fails
    return limited;
  }

  /** `epoch`: where `after` is from; this connection's, unless another one is given, or null for none. */
  join(room, after, epoch = this.welcome.epoch) {
    return this.request('join', { room, ...(after !== undefined && { after, ...(epoch && { epoch }) }) });
  }

  leave(room) {
    return this.request('leave', { room });
  }

  send(room, body, more = {}) {
    return this.request('send', { room, body, ...more });
  }

  history(room, more = {}) {
    return this.request('history', { room, ...more });
  }

  /** Joins every room of `views` after what has been seen of it. */
  resume() {
    return Promise.all([...this.views.values()].map((view) => this.join(view.room, view.last)));
  }

  /** The first frame, since index `since` of `frames`, for which match is true, now or later. */
  first(match, what, options) {
    return this.#inbox.first(match, what, options);
  }

  /** The first frame of that type with these fields. */
  frame(type, fields = {}, options) {
    const wanted = Object.entries(fields);
    return this.first(
      (frame) => frame.type === type && wanted.every(([key, value]) => frame[key] === value),
      `${type} ${JSON.stringify(fields)}`,
      options,
    );
  }

  /** Waits until the view of a room has this event. */
  async sees(room, seq) {
    const has = () => (this.views.get(room)?.last ?? 0) >= seq;
    if (!has()) await this.first(() => has(), `event ${seq} of room ${room}`);
    return this.views.get(room);
  }

  /** Says goodbye; how the connection ended. */
  async close(code = 1000) {
    this.#socket.close(code);
    return within(this.closed, 'the end of the connection');
  }

  /**
   * Cuts the connection off, as a lost network does: what is in the same packet behind the present frame is lost
   * too.
   */
  drop() {
    this.#dropped = true;
    this.#socket.terminate();
  }

  /** Throws when the server has broken a rule. */
  check() {
    if (this.failure) throw this.failure;
  }
}

/**
 * Opens a connection and waits for `welcome` and all its rooms. NotUpgraded when the server says no.
 * @param {{ wsUrl: string }} server
 * @param {object} [options]
 * @param {import('node:test').TestContext} [options.t] the test fails at its end when the server broke a rule
 * @param {string} [options.name] a visitor's
 * @param {string} [options.cookie] a guest's, see guest(); or a session's, see accounts.mjs
 * @param {string} [options.token] an access token
 * @param {Record<string, string>} [options.headers]
 * @param {string[]} [options.protocols]
 * @param {Map<number, View>} [options.views] of an earlier connection
 * @param {(event: object, client: Client) => void} [options.onEvent] called for each durable event, in order
 * @param {boolean} [options.lenient] a join may begin later than the numbers tell: for rooms that change meanwhile
 * @param {boolean} [options.autoPong]
 */
export async function connect(server, options = {}) {
  const {
    t,
    name,
    cookie,
    token,
    headers = {},
    protocols = [SUB_PROTOCOL],
    views = new Map(),
    onEvent,
    lenient = false,
    autoPong = true,
  } = options;
  const url = name === undefined ? server.wsUrl : `${server.wsUrl}?name=${encodeURIComponent(name)}`;
  const socket = new WebSocket(url, protocols, {
    headers: { ...(cookie && { Cookie: cookie }), ...(token && { Authorization: `Bearer ${token}` }), ...headers },
    perMessageDeflate: false,
    autoPong,
  });
  const client = new Client(socket, views, { onEvent, lenient });
  t?.after(() => {
    socket.terminate();
    client.check();
  });
  const refused = new Promise((_, reject) => {
    socket.on('error', reject); // later ones too: 'close' follows, and tells it
    socket.once('unexpected-response', (request, response) => {
      const parts = [];
      response.on('data', (part) => parts.push(part));
      response.on('end', () => {
        reject(new NotUpgraded(response.statusCode, response.headers, Buffer.concat(parts).toString()));
        socket.terminate();
      });
    });
  });
  refused.catch(() => {});
  await within(Promise.race([refused, client.first(() => client.welcome?.more === false, 'welcome')]), 'welcome');
  return client;
}

/**
 * connect() as a visitor of that name, tried until it is free: the server may still be about to notice that its
 * last bearer has left.
 */
export function connectAs(server, name, options) {
  const attempt = () =>
    connect(server, { ...options, name }).catch((error) => {
      if (error.status !== 409) throw error;
    });
  return until(attempt, `the name ${name}`);
}

/** Becomes a guest who is remembered, or takes a new name: the user, and the cookie to send from now on. */
export async function guest(server, name, cookie) {
  const answer = await postJson(server, '/api/v1/guest', JSON.stringify({ name }), cookie ? { Cookie: cookie } : {});
  if (answer.status >= 300) throw new Error(`guest ${name} was answered ${answer.status} ${answer.text}`);
  return { user: answer.json().user, cookie: cookieOf(answer), status: answer.status };
}

/** The frame with which a request is refused; fails when it is not. */
export async function refusal(request) {
  const answer = await request.catch((error) => error);
  if (answer instanceof Refused) return answer.frame;
  throw answer instanceof Error ? answer : new Error(`not refused, but answered with ${JSON.stringify(answer)}`);
}

/** Every durable event of a room, read page by page. */
export async function wholeHistory(client, room) {
  const events = [];
  for (let more = true; more;) {
    const page = await client.history(room, { after: events.at(-1)?.seq ?? 0, limit: 200 });
    events.push(...page.events);
    more = page.more;
  }
  return events;
}

/** True for what goes by with a restart of the server: the connection was lost, refused or about to end. */
export function isPassing(error) {
  if (error instanceof Disconnected || error.cause instanceof Disconnected) return true;
  if (error instanceof NotUpgraded) return error.status === 503;
  if (error instanceof Refused) return error.code === 'shutting_down';
  return error.code === 'ECONNREFUSED' || error.code === 'ECONNRESET';
}

/** connect(), tried until the server is there. */
export function reconnect(server, options) {
  const attempt = () =>
    connect(server, options).catch((error) => {
      if (!isPassing(error)) throw error;
    });
  return until(attempt, 'a connection');
}
