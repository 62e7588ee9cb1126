/* The text in the composer of each room. It is kept in memory first, so a room shows its draft again even if the
 * browser stores nothing. Every input writes a copy to storage, which survives a reload and a crash, and which other
 * tabs find.
 *
 * Each tab writes a draft of its own, so that two tabs in one room do not overwrite each other. A tab that opens a room
 * without having a draft there takes up the last one that is stored. Then both tabs show the same draft: a change in
 * one appears in the other, unless the other has typed meanwhile: then its text becomes a draft of its own. */
import { randomId } from '../lib/id.js';
import { Observable } from '../lib/observable.js';

const KEY = 'drafts';
/** Drafts stored per room: without a limit, those of closed tabs would stay for ever. */
const STORED_MAX = 8;

/** @typedef {{ id: string, version: number, text: string }} Draft the version counts the inputs */

export class Drafts extends Observable {
  #shared;
  #tab;
  /**
   * By room: the draft in this tab, and whether it has a copy in storage.
   * @type {Map<number, Draft & { isStored: boolean }>}
   */
  #shown = new Map();

  /**
   * @param {import('../lib/storage.js').JsonStorage} shared of all tabs: the drafts
   * @param {import('../lib/storage.js').JsonStorage} [tab] of this tab: which of them it shows
   */
  constructor(shared, tab) {
    super();
    this.#shared = shared;
    this.#tab = tab;
  }

  /** The draft with which a room opens. @param {number} room */
  of(room) {
    const all = this.#read();
    this.#follow(room, all);
    if (!this.#shown.has(room)) {
      const stored = draftsIn(all[room]);
      const found = stored.find(({ id }) => id === this.#remembered()[room]) ?? stored.at(-1);
      if (found) this.#shown.set(room, { ...found, isStored: true });
    }
    return this.now(room);
  }

  /** The current text. @param {number} room */
  now(room) {
    return this.#shown.get(room)?.text ?? '';
  }

  /**
   * The text was changed, or sent.
   * @param {number} room
   * @param {string} text
   */
  keep(room, text) {
    const { id = randomId(), version = 0 } = this.#shown.get(room) ?? {};
    if (text) this.#put(room, { id, version: version + 1, text });
    else this.#remove(room, { id, version, text });
  }

  /** Another tab has changed what is stored. */
  absorb() {
    const all = this.#read();
    for (const room of [...this.#shown.keys()]) this.#follow(room, all);
    this.changed();
  }

  /** Forgets another user's drafts. */
  forget() {
    this.#shown.clear();
    this.#shared.write(KEY, undefined);
    this.#tab?.write(KEY, undefined);
    this.changed();
  }

  /** @param {number} room @param {Draft} draft */
  #put(room, draft) {
    const all = this.#read();
    const others = draftsIn(all[room]).filter(({ id }) => id !== draft.id);
    this.#write({ ...all, [room]: [...others, draft].slice(-STORED_MAX) });
    const isStored = draftsIn(this.#read()[room]).some(
      ({ id, version }) => id === draft.id && version === draft.version,
    );
    this.#shown.set(room, { ...draft, isStored });
    this.#tab?.write(KEY, { ...this.#remembered(), [room]: draft.id });
  }

  /** @param {number} room @param {Draft} draft */
  #remove(room, draft) {
    this.#shown.delete(room);
    const all = this.#read();
    /* The other tab has changed it: this draft is now its own. */
    const rest = draftsIn(all[room]).filter(({ id, version }) => id !== draft.id || version > draft.version);
    if (rest.length) all[room] = rest;
    else delete all[room];
    this.#write(all);
    const remembered = this.#remembered();
    delete remembered[room];
    this.#tab?.write(KEY, Object.keys(remembered).length ? remembered : undefined);
  }

  /** @param {number} room @param {Record<number, unknown>} all what is stored */
  #follow(room, all) {
    const shown = this.#shown.get(room);
    if (!shown?.isStored) return;
    const stored = draftsIn(all[room]).find(({ id }) => id === shown.id);
    if (!stored) this.#shown.delete(room);
    else if (stored.version > shown.version) this.#shown.set(room, { ...stored, isStored: true });
    else if (stored.text !== shown.text) this.#put(room, { ...shown, id: randomId() });
  }

  /** @returns {Record<number, unknown>} */
  #read() {
    return plainObject(this.#shared.read(KEY));
  }

  /** @param {Record<number, unknown>} all */
  #write(all) {
    this.#shared.write(KEY, Object.keys(all).length ? all : undefined);
  }

  /** @returns {Record<number, unknown>} */
  #remembered() {
    return plainObject(this.#tab?.read(KEY));
  }
}

/** @param {unknown} stored @returns {Record<number, unknown>} */
function plainObject(stored) {
  return typeof stored === 'object' && stored !== null && !Array.isArray(stored) ? { ...stored } : {};
}

/** The valid drafts of a room. @param {unknown} stored @returns {Draft[]} */
function draftsIn(stored) {
  if (!Array.isArray(stored)) return [];
  return stored.filter(
    (draft) => typeof draft?.id === 'string' && typeof draft.version === 'number' && typeof draft.text === 'string',
  );
}
