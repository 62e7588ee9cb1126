/* Something that notifies observers when it has changed. Models extend it; the view (watch.js) and app.jsx observe
 * them. A notification does not say what changed: the observer reads the model again. */

export class Observable {
  /** @type {Set<() => void>} */
  #observers = new Set();

  /**
   * @param {() => void} observer called after each change, on the same turn
   * @returns {() => void} ends it
   */
  observe(observer) {
    this.#observers.add(observer);
    return () => this.#observers.delete(observer);
  }

  /** @protected The subclass calls it once its fields are consistent. */
  changed() {
    for (const observer of this.#observers) observer();
  }
}
