/* A thing that tells others when it has changed. Models extend it; the view (watch.js) and app.js observe them.
 * What changed is not said: whoever is told reads the model again. */

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

  /** @protected For the subclass, once its fields are as they should be seen. */
  changed() {
    for (const observer of this.#observers) observer();
  }
}
