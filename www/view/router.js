/* The address bar: /room/NAME. A panel that lies over the room on a phone is an entry of its own, so that Back closes it. */
import { pathOf, roomIn } from '../lib/route.js';
import { panel } from './ui.js';

export class Router {
  #onRoom;

  /** @param {(name: string | null) => void} onRoom the address names another room, or none */
  constructor(onRoom) {
    this.#onRoom = onRoom;
  }

  start() {
    addEventListener('popstate', () => {
      panel.value = history.state?.panel ?? null;
      this.#onRoom(roomIn(location.pathname));
    });
    history.replaceState(null, '', location.href);
    this.#onRoom(roomIn(location.pathname));
  }

  /** @param {string} name */
  go(name) {
    const path = pathOf(name);
    if (panel.value) {
      panel.value = null;
      history.replaceState(null, '', path);
    } else if (path !== location.pathname) history.pushState(null, '', path);
    this.#onRoom(name);
  }

  /** The open room is called this, whatever the address said. @param {string} name */
  correct(name) {
    const path = pathOf(name);
    if (path !== location.pathname) history.replaceState(history.state, '', path);
  }

  /** @param {'rooms' | 'people'} name */
  openPanel(name) {
    if (panel.value) history.replaceState({ panel: name }, '');
    else history.pushState({ panel: name }, '');
    panel.value = name;
  }

  closePanel() {
    if (panel.value) history.back();
  }
}
