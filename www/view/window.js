/* The window: its title, whether the reader looks at it, whether the machine has slept, and a phone's keyboard. */

import { pageTitle } from './ui.js';

/** After being hidden for longer, the connection has to answer a ping. */
const DOUBT_MS = 60_000;
/** Without key or pointer for this long, the user is away. */
const IDLE_MS = 5 * 60_000;
/** If the visible part is shorter by this much, it is the keyboard and not the browser's bar. */
const KEYBOARD_PX = 120;

/**
 * The window's title: unread count, page or room, workspace.
 * @param {import('../model/chat.js').Chat} chat
 * @param {import('../model/identity.js').Identity} identity
 */
export function followTitle(chat, identity) {
  const show = () => {
    const inside = identity.isKnown && chat.welcomed;
    const where = pageTitle.value ?? (inside && chat.current ? chat.titleOf(chat.current) : undefined);
    const unread = inside ? chat.rooms.unread : 0;
    const place = inside ? chat.server.name : identity.place?.name || 'Hubbub';
    document.title = `${unread ? `(${unread}) ` : ''}${where ? `${where} · ` : ''}${place}`;
  };
  chat.observe(show);
  identity.observe(show);
  pageTitle.subscribe(show);
}

/**
 * @param {object} tell
 * @param {(attended: boolean) => void} tell.onAttention visible and focused
 * @param {(state: 'active' | 'away') => void} tell.onPresence
 * @param {(doubt: boolean) => void} tell.onWake the network or the reader is back; doubt: an open connection has to answer a ping
 */
export function followAttention({ onAttention, onPresence, onWake }) {
  let hiddenAt = 0;
  /** @type {'active' | 'away'} */
  let presence = 'active';
  /** @type {ReturnType<typeof setTimeout> | undefined} */
  let idle;

  const become = (/** @type {'active' | 'away'} */ next) => {
    if (next === presence) return;
    presence = next;
    onPresence(next);
  };
  const stir = () => {
    clearTimeout(idle);
    idle = setTimeout(() => become('away'), IDLE_MS);
    if (!document.hidden) become('active');
  };
  const attend = () => onAttention(!document.hidden && document.hasFocus());

  for (const type of ['focus', 'blur']) addEventListener(type, attend);
  for (const type of ['keydown', 'pointerdown', 'pointermove', 'wheel', 'focus']) {
    addEventListener(type, stir, { passive: true });
  }
  document.addEventListener('visibilitychange', () => {
    attend();
    if (document.hidden) hiddenAt = Date.now();
    else {
      stir();
      onWake(Date.now() - hiddenAt > DOUBT_MS);
    }
  });
  addEventListener('online', () => onWake(true));
  attend();
  stir();
}

/** Safari lays its keyboard over the page: the layout then takes the visible height. */
export function followKeyboard() {
  const viewport = window.visualViewport;
  if (!viewport) return;
  const fit = () => {
    const root = document.documentElement;
    const covered = viewport.scale === 1 && window.innerHeight - viewport.height > KEYBOARD_PX;
    root.classList.toggle('keyboard-open', covered);
    if (covered) root.style.setProperty('--visible-height', `${viewport.height}px`);
    else root.style.removeProperty('--visible-height');
  };
  viewport.addEventListener('resize', fit);
}
