/* A list that the server hands out a page at a time: people, members, invitations, sessions, bans, the audit.
 *
 *      idle ──load──► loading ──► ready ──loadMore──► more ──► ready
 *                        │  ▲                           │
 *                        ▼  └─load (Retry)              └──► failed, with what there is
 *                     failed
 *
 * One list asks one kind of question; what else it asks for (a query, a filter) may change with each `load`, whose answer alone
 * counts then. */
import { Observable } from '../lib/observable.js';
import { reasonOf } from '../lib/refusal.js';

/** Rows of a page at most, as on the server: proto/request.h. */
const PAGE_MAX = 200;

/**
 * @template {{ id: number }} Item
 */
export class Listing extends Observable {
  /** @type {Item[]} */
  items = [];
  /** @type {'idle' | 'loading' | 'more' | 'ready' | 'failed'} */
  state = 'idle';
  /** There are further ones. */
  hasMore = false;
  /** Why it failed, for people. */
  problem = '';
  /** The newest answer, for what it says besides the items. @type {any} */
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
   * @param {string} [needs.list] under which name the answer has its items; that of the request when left out
   * @param {'after' | 'before'} [needs.cursor] how the next page is asked for
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
   * From the beginning. What there is stays until the answer comes.
   * @param {Record<string, unknown>} [fields] besides the page; the last ones when left out: then the page is as long as what
   *   there is, so that nobody loses their place
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

  /** What failed, again. */
  retry() {
    return this.items.length && this.hasMore ? this.loadMore() : this.load();
  }

  /**
   * Something has become of one of them.
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
