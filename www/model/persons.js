/* All known users, by id: their present name, picture, status and role.
 *
 * An event keeps the name that its author had at the time; the page shows the present one. Full entries come from
 * `welcome`, `member` and the lists. Of a user who is only mentioned (as an event's author), only the name is known
 * until the server is asked. */
import { foldName, mentionsIn, personIn } from '../lib/mention.js';
import { Observable } from '../lib/observable.js';

/** @typedef {import('../lib/protocol.js').User} User */
/** @typedef {import('../lib/protocol.js').PersonInfo} PersonInfo */

/** How many requests for a user are under way at once. */
const ASKED_MAX = 3;

/** How many unknown names are looked up on each connection. */
const NAMES_MAX = 50;

/** The id of visitors who have been deleted. */
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
  /** Users known by a mention only. @type {Map<number, User>} */
  #mentioned = new Map();
  /** Ids by folded user name; some of these users can have been renamed. @type {Map<string, number>} */
  #named = new Map();
  /** Users that we have looked up, by id or by name. @type {Set<number | string>} */
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
   * All that is known about a user; at least what the mention says.
   * @param {User} user
   * @returns {PersonInfo}
   */
  of = (user) => this.#known.get(user.id) ?? user;

  /**
   * The display name, or else the user name.
   * @param {User} user
   */
  nameOf = (user) => {
    if (user.id === DELETED_GUEST_ID) return 'Deleted guest';
    const { name, display_name } = this.of(user);
    return display_name || name;
  };

  /**
   * Full entries: a field that is missing is empty.
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

  /** The author of an event. @param {User} user */
  mention({ id, name, display_name }) {
    if (id <= 0 || this.#known.has(id)) return;
    this.#mentioned.set(id, { id, name, display_name });
    this.#named.set(foldName(name), id);
  }

  /** Whether a user has this name. @param {string} folded by foldName() */
  hasName = (folded) => {
    const name = this.find(this.#named.get(folded) ?? 0)?.name;
    return name !== undefined && foldName(name) === folded;
  };

  /** The names of users that a text mentions, joined into one string. @param {string} body */
  namedIn(body) {
    return mentionsIn(body)
      .map((name) => personIn(name, this.hasName) ?? '')
      .join(' ');
  }

  /** A name is shown after an @: looks up whether a user has it. @param {string} name */
  wonderName(name) {
    if (personIn(name, this.hasName) || this.#asked.has(name) || this.#names === NAMES_MAX) return;
    this.#names++;
    this.#asked.add(name);
    this.#queue.push(name);
    this.#askNext();
  }

  /** A user is shown of whom only the name is known: looks them up, once on each connection. @param {number} id */
  wonder(id) {
    if (!id || this.#known.has(id) || this.#asked.has(id)) return;
    this.#asked.add(id);
    this.#queue.push(id);
    this.#askNext();
  }

  /** The ids can belong to other users now. */
  forget() {
    this.#known.clear();
    this.#mentioned.clear();
    this.#named.clear();
    this.#asked.clear();
    this.changed();
  }

  /** A new connection: users that we have no entry of are looked up again. */
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
 * A user's present status; "" for none.
 * @param {PersonInfo} person
 * @param {number} now
 */
export function statusOf({ status_emoji = '', status_text = '', status_until = 0 }, now) {
  return status_until && status_until <= now ? '' : `${status_emoji} ${status_text}`.trim();
}
