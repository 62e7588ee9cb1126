/* Where models meet signals: a component that watches a model is drawn again when the model has changed. */
import { signal } from '@preact/signals';

/** How often each watched model has changed. @type {WeakMap<object, import('@preact/signals').Signal<number>>} */
const versions = new WeakMap();

/**
 * @template {import('../lib/observable.js').Observable} Model
 * @param {Model} model
 * @returns {Model} the same
 */
export function watch(model) {
  let version = versions.get(model);
  if (!version) {
    const made = signal(0);
    model.observe(() => made.value++);
    versions.set(model, (version = made));
  }
  void version.value; /* reading it subscribes the component that is being drawn */
  return model;
}
