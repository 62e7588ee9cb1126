/* Connects models with signals: a component that watches a model is drawn again when the model changes. */
import { signal } from '@preact/signals';

/** The number of changes of each watched model. @type {WeakMap<object, import('@preact/signals').Signal<number>>} */
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
