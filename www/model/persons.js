/* Everybody that the page has heard of, by id: what they are called now, their picture, status and role.
 *
 * An event keeps the name that its author had when the server wrote it down; what is shown is what they are called today. Whole
 * entries come from `welcome`, `member` and the lists. Of somebody who is only mentioned (an event's author) no more than the name
 * is known, until the server is asked. */
import { foldName, mentionsIn, personIn } from '../lib/mention.js';
import { Observable } from '../lib/observable.js';

/** @typedef {import('../lib/protocol.js').User} User */
/** @typedef {import('../lib/protocol.js').PersonInfo} PersonInfo */

/** Questions after somebody that are under way at once. */
const ASKED_MAX = 3;

/** So many names of which nobody has heard are asked after on each connection. */
const NAMES_MAX = 50;

/** Stands for visitors whom the server no longer knows. */
export const DELETED_GUEST_ID = -1;

const FIELDS = /** @type {const} */ ([
  'id',
  'name',
  'display_name',
  'role',
  'avatar',
  'status_emoji',
  'status_text',
  'status_until',
  'banned',
  'hidden',
]);

export class Persons extends Observable {
  /** @type {Map<number, PersonInfo>} */
  #known = new Map();
  /** By mention only. @type {Map<number, User>} */
  #mentioned = new Map();
  /** By user name, folded; some may be called otherwise now. @type {Map<string, number>} */
  #named = new Map();
  /** Whom we have asked after, by id or by name. @type {Set<number | string>} */
  #asked = new Set();
  /** @type {(number | string)[]} */
  #queue = [];
  #names = 0;
  #underWay = 0;
  #fetch;

  /** @param {(who: number | string) => Promise<PersonInfo>} [fetch] asks the server; rejects when it does not tell */
  constructor(fetch = () => Promise.reject(null)) {
    super();
    this.#fetch = fetch;
  }

  /**
   * @param {number} id
   * @returns {PersonInfo | undefined}
   */
  find(id) {
    return this.#known.get(id) ?? this.#mentioned.get(id);
  }

  /**
   * All that is known of somebody; at least what the mention says.
   * @param {User} user
   * @returns {PersonInfo}
   */
  of = (user) => this.#known.get(user.id) ?? user;

  /**
   * What they are called: the display name, or else the user name.
   * @param {User} user
   */
  nameOf = (user) => {
    if (user.id === DELETED_GUEST_ID) return 'A deleted guest';
    const { name, display_name } = this.of(user);
    return display_name || name;
  };

  /**
   * Whole entries: what one does not say of somebody is not so.
   * @param {PersonInfo[]} persons
   */
  learn(...persons) {
    let news = false;
    for (const person of persons) {
      if (person.id <= 0) continue; /* visitors come and go */
      const known = this.#known.get(person.id);
      if (known && FIELDS.every((field) => known[field] === person[field])) continue;
      const entry = /** @type {any} */ ({});
      for (const field of FIELDS) if (person[field] !== undefined) entry[field] = person[field];
      this.#known.set(person.id, entry);
      this.#named.set(foldName(person.name), person.id);
      news = true;
    }
    if (news) this.changed();
  }

  /** Somebody who has written or done something. @param {User} user */
  mention({ id, name, display_name }) {
    if (id <= 0 || this.#known.has(id)) return;
    this.#mentioned.set(id, { id, name, display_name });
    this.#named.set(foldName(name), id);
  }

  /** Whether somebody has this user name. @param {string} folded by foldName() */
  hasName = (folded) => {
    const name = this.find(this.#named.get(folded) ?? 0)?.name;
    return name !== undefined && foldName(name) === folded;
  };

  /** The names of people whom a text mentions, as one text. @param {string} body */
  namedIn(body) {
    return mentionsIn(body)
      .map((name) => personIn(name, this.hasName) ?? '')
      .join(' ');
  }

  /** A name is shown behind an @: asks whether it is anybody's. @param {string} name */
  wonderName(name) {
    if (personIn(name, this.hasName) || this.#asked.has(name) || this.#names === NAMES_MAX) return;
    this.#names++;
    this.#asked.add(name);
    this.#queue.push(name);
    this.#askNext();
  }

  /** Somebody is shown of whom no more than the name is known: asks, once on each connection. @param {number} id */
  wonder(id) {
    if (!id || this.#known.has(id) || this.#asked.has(id)) return;
    this.#asked.add(id);
    this.#queue.push(id);
    this.#askNext();
  }

  /** The ids may be other people's now. */
  forget() {
    this.#known.clear();
    this.#mentioned.clear();
    this.#named.clear();
    this.#asked.clear();
    this.changed();
  }

  /** A new connection: whoever we were not told of is asked after again. */
  connected() {
    this.#queue = [...this.#asked].filter((who) =>
      typeof who === 'string' ? !this.hasName(foldName(who)) : !this.#known.has(who),
    );
    for (let n = this.#underWay; n < ASKED_MAX; n++) this.#askNext();
  }

  async #askNext() {
    const id = this.#underWay < ASKED_MAX ? this.#queue.shift() : undefined;
    if (id === undefined) return;
    this.#underWay++;
    try {
      this.learn(await this.#fetch(id));
    } catch {
      /* The name from the mention stays. */
    }
    this.#underWay--;
    this.#askNext();
  }
}

/**
 * The status that somebody shows at the moment; "" when there is none.
 * @param {PersonInfo} person
 * @param {number} now
 */
export function statusOf({ status_emoji = '', status_text = '', status_until = 0 }, now) {
  return status_until && status_until <= now ? '' : `${status_emoji} ${status_text}`.trim();
}
