/* Who is online. The server always says so for people we have direct conversations with; for others only as members of
 * rooms that we follow. */
import { Observable } from '../lib/observable.js';

/** @typedef {'active' | 'away' | 'offline'} PersonState */

/** @type {Record<PersonState, string>} */
export const STATE_WORDS = { active: 'online', away: 'away', offline: 'offline' };

export class Online extends Observable {
  /** The states of people we have direct conversations with. @type {Map<number, PersonState>} */
  #states = new Map();
  #rooms;

  /** @param {import('./rooms.js').Rooms} rooms */
  constructor(rooms) {
    super();
    this.#rooms = rooms;
  }

  /** @param {{ id: number, state: PersonState }[]} people */
  hear(people) {
    for (const { id, state } of people) this.#states.set(id, state);
    this.changed();
  }

  /** The people online in a room have changed. */
  heardOfRoom() {
    this.changed();
  }

  /** A new connection starts from nothing. */
  forget() {
    this.#states.clear();
    this.changed();
  }

  /** @param {number} id @returns {PersonState | null} null: not known */
  of(id) {
    const state = this.#states.get(id);
    if (state) return state;
    for (const { people } of this.#rooms.values()) {
      const found = people.list?.find((person) => person.id === id);
      if (found) return found.state;
    }
    return null;
  }
}
