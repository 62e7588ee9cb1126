/* The address bar and the browser's history.
 *
 * On a phone, a panel over the room is an entry in the history, so that Back closes it first. A page (settings, people,
 * ...) remembers how many entries lie between it and the room that it was opened from: closing it goes back to that
 * room. */
import { signal } from '@preact/signals';
import { HOME, isRoom, pathOf, routeIn } from '../lib/route.js';
import { panel } from './ui.js';

/** @typedef {import('../lib/route.js').Route} Route */

export class Router {
  /** The route of the address; a component that reads it is drawn again when it changes.
   * @type {import('@preact/signals').Signal<Route>} */
  route = signal(/** @type {Route} */ (HOME));
  /** Where closing a page leads if no room is before it in the history. @type {Route} */
  #lastRoom = HOME;
  #onRoom;

  /**
   * @param {(name: string | number | null, seq?: number, id?: number) => void} onRoom the address shows a room: its name or id (null:
   *   the default room), the message, and the id that tells several rooms of that name apart
   */
  constructor(onRoom) {
    this.#onRoom = onRoom;
  }

  start() {
    addEventListener('popstate', () => {
      panel.value = history.state?.panel ?? null;
      this.#show(here());
    });
    const { room } = history.state ?? {};
    history.replaceState(room ? { room } : null, '', location.href);
    this.#show(here());
  }

  /**
   * @param {Route} route
   * @param {{ replace?: boolean }} [options] replace: replaces the present entry of the history
   */
  go(route, { replace = false } = {}) {
    const path = pathOf(route);
    const { depth } = history.state ?? {};
    const deeper = isRoom(this.route.value) ? 1 : depth && depth + 1;
    if (panel.value) history.replaceState(stateOf(route, deeper), '', path);
    else if (replace) history.replaceState(stateOf(route, depth), '', path);
    else if (path !== location.pathname) history.pushState(stateOf(route, deeper), '', path);
    panel.value = null;
    this.#show(route);
  }

  /** From a page back to the room. */
  close() {
    const { depth } = history.state ?? {};
    if (depth) history.go(-depth);
    else this.go(this.#lastRoom, { replace: true });
  }

  /** Corrects the address to the open room's. @param {Extract<Route, { page: 'room' | 'direct' }>} room */
  correct(room) {
    this.#lastRoom = room;
    if (!isRoom(this.route.value)) return;
    const path = pathOf(room);
    if (path !== location.pathname || history.state?.room !== room.id)
      history.replaceState({ ...history.state, room: room.id }, '', path);
    if (path !== pathOf(this.route.value)) this.route.value = room;
  }

  /** @param {'rooms' | 'people'} name */
  openPanel(name) {
    if (panel.value) history.replaceState({ ...history.state, panel: name }, '');
    else history.pushState({ ...history.state, panel: name }, '');
    panel.value = name;
  }

  closePanel() {
    if (panel.value) history.back();
  }

  /** @param {Route} route */
  #show(route) {
    this.route.value = route;
    if (!isRoom(route)) return;
    this.#lastRoom = route;
    if (route.page === 'home') this.#onRoom(null);
    else this.#onRoom((route.page === 'room' ? route.name : route.id) ?? route.id ?? null, route.seq, route.id);
  }
}

/**
 * The state that the browser stores with an entry.
 * @param {Route} route
 * @param {number | undefined} depth entries of pages since a room, including this one; undefined: no room before it
 */
function stateOf(route, depth) {
  if (isRoom(route)) return route.page !== 'home' && route.id ? { room: route.id } : null;
  return depth ? { depth } : null;
}

/** The route of the address, with the room's id if several have its name. @returns {Route} */
function here() {
  const route = routeIn(location.pathname);
  const { room } = history.state ?? {};
  return route.page === 'room' && route.name !== undefined && room ? { ...route, id: room } : route;
}
