/* A list that is loaded from the server page by page: people, members, invitations, sessions, bans, the audit.
 *
 *      idle ──load──► loading ──► ready ──loadMore──► more ──► ready
 *                        │  ▲                           │
 *                        ▼  └─load (Retry)              └──► failed, with what there is
 *                     failed
 *
 * A list makes one type of request; its other fields (a query, a filter) can change with each `load`. Only the answer
 * to the last `load` counts. */
import { Observable } from '../lib/observable.js';
import { reasonOf } from '../lib/refusal.js';

/** The most rows of a page, as on the server: proto/request.h. */
const PAGE_MAX = 200;

/**
 * @template {{ id: number }} Item
 */
export class Listing extends Observable {
  /** @type {Item[]} */
  items = [];
  /** @type {'idle' | 'loading' | 'more' | 'ready' | 'failed'} */
  state = 'idle';
  /** There are further rows. */
  hasMore = false;
  /** Why it failed, for people. */
  problem = '';
  /** The last answer, for its other fields. @type {any} */
  answer = null;
  #request;
  #type;
  #list;
  #cursor;
  #limit;
  /** @type {Record<string, unknown>} */
  #fields = {};
  #turn = 0;

  /**
   * @param {object} needs
   * @param {(frame: import('../lib/protocol.js').ClientFrame) => Promise<any>} needs.request Connection.requestWhenOpen
   * @param {string} needs.type of the request
   * @param {string} [needs.list] the field of the answer that has the items; by default the name of the request
   * @param {'after' | 'before'} [needs.cursor] the field that asks for the next page
   * @param {number} [needs.limit] of a page
   */
  constructor({ request, type, list = type, cursor = 'after', limit = 50 }) {
    super();
    this.#request = request;
    this.#type = type;
    this.#list = list;
    this.#cursor = cursor;
    this.#limit = limit;
  }

  /**
   * Loads from the beginning. The present rows stay until the answer comes.
   * @param {Record<string, unknown>} [fields] of the request; without them, the last ones again: then the page is as long as the
   *   present list, so that the reader keeps their place
   */
  load(fields) {
    const limit = fields ? this.#limit : Math.min(Math.max(this.#limit, this.items.length), PAGE_MAX);
    this.#fields = fields ?? this.#fields;
    return this.#fetch('loading', { limit });
  }

  loadMore() {
    const last = this.items[this.items.length - 1];
    if (!this.hasMore || !last) return Promise.resolve();
    return this.#fetch('more', { [this.#cursor]: last.id, limit: this.#limit });
  }

  /** Repeats what failed. */
  retry() {
    return this.items.length && this.hasMore ? this.loadMore() : this.load();
  }

  /**
   * One of the items has changed.
   * @param {number} id
   * @param {Partial<Item> | null} change null: it is gone
   */
  change(id, change) {
    this.items = change
      ? this.items.map((item) => (item.id === id ? { ...item, ...change } : item))
      : this.items.filter((item) => item.id !== id);
    if (!this.items.length && this.hasMore) this.load();
    else this.changed();
  }

  /**
   * @param {'loading' | 'more'} state
   * @param {Record<string, unknown>} page
   */
  async #fetch(state, page) {
    const turn = ++this.#turn;
    this.state = state;
    this.changed();
    try {
      const answer = await this.#request({ type: this.#type, ...this.#fields, ...page });
      if (turn !== this.#turn) return;
      const items = /** @type {Item[]} */ (answer[this.#list]);
      const had = new Set(this.items.map(({ id }) => id));
      this.items = state === 'more' ? [...this.items, ...items.filter(({ id }) => !had.has(id))] : items;
      this.hasMore = answer.more === true && items.length > 0;
      this.answer = answer;
      this.state = 'ready';
    } catch (error) {
      if (turn !== this.#turn) return;
      this.problem = reasonOf(error).message;
      this.state = 'failed';
    }
    this.changed();
  }
}
