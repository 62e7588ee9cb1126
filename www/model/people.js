/* Who is online in a room: members, and guests who look at it. Above 200 people, the server gives only their number. */
import { Observable } from '../lib/observable.js';

/** @typedef {import('../lib/protocol.js').Person} Person */

export class People extends Observable {
  count = 0;
  /** @type {Person[] | null} null: too many to list. Active ones first, then by name. */
  list = [];

  /**
   * @param {number} count
   * @param {Person[]} [list]
   */
  set(count, list) {
    this.count = count;
    this.list = list ? [...list].sort(byStateAndName) : null;
    this.changed();
  }

  /** @param {import('../lib/protocol.js').User} user who is called this now */
  rename({ id, name, display_name }) {
    if (!id || !this.list?.some((person) => person.id === id)) return;
    this.set(
      this.count,
      this.list.map((person) => (person.id === id ? { ...person, name, display_name } : person)),
    );
  }
}

/**
 * @param {Person} a
 * @param {Person} b
 */
function byStateAndName(a, b) {
  if (a.state !== b.state) return a.state === 'active' ? -1 : 1;
  return (a.display_name || a.name).localeCompare(b.display_name || b.name);
}
