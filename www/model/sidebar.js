/* The list of rooms in its order: favourites, the reader's sections, rooms, direct conversations, archived rooms.
 *
 * Rooms are sorted by position, then by name; direct conversations by their last message. While the pointer is on the
 * list (`hold`) nothing moves, so that the reader does not open a room that has just moved under the pointer. */
import { Observable } from '../lib/observable.js';

/** @typedef {import('./room.js').Room} Room */
/** @typedef {'favourites' | 'own' | 'rooms' | 'direct' | 'archived'} SectionKind */
/** @typedef {{ key: string, kind: SectionKind, title: string, rooms: Room[] }} SidebarSection */

const COLLAPSED_KEY = 'collapsed';
/** The distance between two positions, which leaves space for rooms between. */
const GAP = 1024;

const { compare } = new Intl.Collator(undefined, { numeric: true, sensitivity: 'base' });

export class Sidebar extends Observable {
  /** The keys of sections whose rooms are not shown. @type {Set<string>} */
  collapsed;
  #needs;
  /** By key, the order while it is held. @type {Map<string, number[]> | null} */
  #held = null;

  /**
   * @param {object} needs
   * @param {import('./rooms.js').Rooms} needs.rooms
   * @param {() => Room | null} needs.current
   * @param {(room: Room) => string} needs.titleOf
   * @param {() => boolean} needs.isGuest
   * @param {import('../lib/storage.js').JsonStorage} needs.storage shared by all tabs
   */
  constructor(needs) {
    super();
    this.#needs = needs;
    const stored = needs.storage.read(COLLAPSED_KEY);
    this.collapsed = new Set(Array.isArray(stored) ? stored.filter((key) => typeof key === 'string') : []);
  }

  /** Without empty sections, except the two that rooms can be added to. @returns {SidebarSection[]} */
  get sections() {
    const { rooms, isGuest, current } = this.#needs;
    const all = [...rooms.values()];
    if (isGuest()) {
      return [
        section(
          'rooms',
          'Rooms',
          all.filter(({ archived }) => !archived),
        ),
        section(
          'archived',
          'Archived',
          all.filter(({ archived }) => archived),
        ),
      ].filter(isFilled);
    }
    /** @type {Map<string, SidebarSection>} */
    const own = new Map();
    const favourites = section('favourites', 'Favourites', []);
    const plain = section('rooms', 'Rooms', []);
    const direct = section('direct', 'Direct messages', []);
    const archived = section('archived', 'Archived', []);
    for (const room of all) {
      const { membership, kind } = room;
      if (!membership || (membership.hidden && room !== current())) continue;
      if (room.archived) archived.rooms.push(room);
      else if (membership.favourite) favourites.rooms.push(room);
      else if (membership.section) {
        const key = `own ${membership.section}`;
        if (!own.has(key)) own.set(key, { key, kind: 'own', title: membership.section, rooms: [] });
        own.get(key)?.rooms.push(room);
      } else (kind === 'direct' ? direct : plain).rooms.push(room);
    }
    const sections = [
      favourites,
      ...[...own.values()].sort((a, b) => compare(a.title, b.title)),
      plain,
      direct,
      archived,
    ];
    return sections
      .filter((each) => isFilled(each) || each === plain || each === direct)
      .map((each) => ({ ...each, rooms: this.#inOrder(each) }));
  }

  /** All rooms of the list, from the top. @returns {Room[]} */
  get order() {
    return this.sections.flatMap(({ rooms }) => rooms);
  }

  /** The names of the reader's sections. */
  get ownSections() {
    const names = [...this.#needs.rooms.values()].flatMap(({ membership }) => membership?.section || []);
    return [...new Set(names)].sort(compare);
  }

  /** @param {string} key */
  toggle(key) {
    if (!this.collapsed.delete(key)) this.collapsed.add(key);
    this.#needs.storage.write(COLLAPSED_KEY, this.collapsed.size ? [...this.collapsed] : undefined);
    this.changed();
  }

  /** Sets whether the pointer is on the list. @param {boolean} held */
  hold(held) {
    if (held === (this.#held !== null)) return;
    this.#held = held ? new Map(this.sections.map(({ key, rooms }) => [key, rooms.map(({ id }) => id)])) : null;
    if (!held) this.changed();
  }

  /** The reader has moved a room: the order changes at once. @param {string} key @param {Room[]} rooms */
  rearrange(key, rooms) {
    this.#held?.set(
      key,
      rooms.map(({ id }) => id),
    );
    this.changed();
  }

  /** @param {SidebarSection} section */
  #inOrder({ key, kind, rooms }) {
    const { titleOf } = this.#needs;
    const byName = (/** @type {Room} */ a, /** @type {Room} */ b) => compare(titleOf(a), titleOf(b)) || a.id - b.id;
    const byPlace = (/** @type {Room} */ a, /** @type {Room} */ b) => placeOf(a) - placeOf(b) || byName(a, b);
    const byActivity = (/** @type {Room} */ a, /** @type {Room} */ b) => b.activeAt - a.activeAt || b.id - a.id;
    const sorted = [...rooms].sort(kind === 'direct' ? byActivity : byPlace);
    const held = this.#held?.get(key);
    if (!held) return sorted;
    const place = new Map(held.map((id, index) => [id, index]));
    return sorted.sort((a, b) => (place.get(a.id) ?? Infinity) - (place.get(b.id) ?? Infinity) || 0);
  }
}

/**
 * The positions to change to move a room within its section; as few as possible.
 * @param {{ id: number, position: number }[]} rooms in the order in which they stand
 * @param {number} from
 * @param {number} to
 * @returns {{ id: number, position: number }[]}
 */
export function positionsAfterMove(rooms, from, to) {
  const order = [...rooms];
  order.splice(to, 0, ...order.splice(from, 1));
  const before = to > 0 ? order[to - 1].position : 0;
  const after = order[to + 1]?.position ?? 0;
  const { id } = order[to];
  if (to === 0 || before) {
    if (!after) return [{ id, position: before + GAP }];
    const middle = Math.floor((before + after) / 2);
    if (middle > before && middle < after) return [{ id, position: middle }];
  }
  /* Rooms before it have no position, or there is no space between: all get one, down to the last that has one. */
  const last = Math.max(
    to,
    order.findLastIndex(({ position }) => position > 0),
  );
  return order
    .slice(0, last + 1)
    .map((room, index) => ({ id: room.id, position: (index + 1) * GAP, was: room.position }))
    .filter(({ position, was }) => position !== was)
    .map(({ id: room, position }) => ({ id: room, position }));
}

/** @param {Room} room */
const placeOf = ({ membership }) => membership?.position || Infinity;

/**
 * @param {Exclude<SectionKind, 'own'>} kind
 * @param {string} title
 * @param {Room[]} rooms
 * @returns {SidebarSection}
 */
const section = (kind, title, rooms) => ({ key: kind, kind, title, rooms });

/** @param {SidebarSection} section */
const isFilled = ({ rooms }) => rooms.length > 0;
