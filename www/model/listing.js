/* A list that the server hands out a page at a time: people, members, invitations, sessions, the audit.
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
  #ask;
  #type;
  #cursor;
  #limit;
  /** @type {Record<string, unknown>} */
  #fields = {};
  #turn = 0;

  /**
   * @param {object} needs
   * @param {(frame: import('../lib/protocol.js').ClientFrame) => Promise<any>} needs.ask Connection.ask
   * @param {string} needs.type of the request; the answer has its items under the same name
   * @param {'after' | 'before'} [needs.cursor] how the next page is asked for
   * @param {number} [needs.limit] of a page; 0: the request takes none
   */
  constructor({ ask, type, cursor = 'after', limit = 50 }) {
    super();
    this.#ask = ask;
    this.#type = type;
    this.#cursor = cursor;
    this.#limit = limit;
  }

  /**
   * From the beginning. What there is stays until the answer comes.
   * @param {Record<string, unknown>} [fields] besides the page; the last ones when left out
   */
  load(fields = this.#fields) {
    this.#fields = fields;
    return this.#fetch('loading', {});
  }

  loadMore() {
    const last = this.items[this.items.length - 1];
    return this.hasMore && last ? this.#fetch('more', { [this.#cursor]: last.id }) : Promise.resolve();
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
    this.changed();
  }

  /**
   * @param {'loading' | 'more'} state
   * @param {Record<string, unknown>} where
   */
  async #fetch(state, where) {
    const turn = ++this.#turn;
    this.state = state;
    this.changed();
    try {
      const limit = this.#limit ? { limit: this.#limit } : {};
      const answer = await this.#ask({ type: this.#type, ...this.#fields, ...where, ...limit });
      if (turn !== this.#turn) return;
      const page = /** @type {Item[]} */ (answer[this.#type]);
      const had = new Set(this.items.map(({ id }) => id));
      this.items = state === 'more' ? [...this.items, ...page.filter(({ id }) => !had.has(id))] : page;
      this.hasMore = answer.more === true && page.length > 0;
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
