/* Light or dark: the system's setting, unless the reader has chosen. The result is in <html data-theme>. */
import { JsonStorage } from '../lib/storage.js';
import { Observable } from '../lib/observable.js';

/** @typedef {'system' | 'light' | 'dark'} Choice */

const KEY = 'theme';
/** @type {Choice[]} */
const CHOICES = ['system', 'light', 'dark'];

export class Theme extends Observable {
  #storage = new JsonStorage(() => localStorage);
  #systemDark = matchMedia('(prefers-color-scheme: dark)');

  /** @returns {Choice} */
  get choice() {
    const stored = /** @type {Choice} */ (this.#storage.read(KEY));
    return CHOICES.includes(stored) ? stored : 'system';
  }

  /** Follows changes of the system and of other tabs. */
  follow() {
    this.#systemDark.addEventListener('change', () => this.apply());
    addEventListener('storage', ({ key }) => {
      if (JsonStorage.isKey(key, KEY)) this.apply();
    });
  }

  next() {
    this.choose(CHOICES[(CHOICES.indexOf(this.choice) + 1) % CHOICES.length]);
  }

  /** @param {Choice} choice */
  choose(choice) {
    this.#storage.write(KEY, choice === 'system' ? undefined : choice);
    this.apply();
  }

  apply() {
    const { choice } = this;
    const dark = choice === 'system' ? this.#systemDark.matches : choice === 'dark';
    document.documentElement.dataset.theme = dark ? 'dark' : 'light';
    document.querySelector('meta[name=theme-color]')?.setAttribute('content', dark ? '#121416' : '#f4f2ee');
    this.changed();
  }
}
