/* The keyboard shortcuts of the whole page. The composer, the timeline and dialogs handle their own keys. */
import { isRoom, roomRoute } from '../lib/route.js';
import { dialog, panel } from './ui.js';

const isApple = /Mac|iPhone|iPad/.test(navigator.platform);

export const modifier = isApple ? '⌘' : 'Ctrl';

/** For the help. @type {[string[], string][]} */
export const SHORTCUTS = [
  [[modifier, 'K'], 'Go to a room'],
  [['Alt', '↑'], 'Previous room'],
  [['Alt', '↓'], 'Next room'],
  [['Alt', 'Shift', '↑'], 'Previous room with unread messages'],
  [['Alt', 'Shift', '↓'], 'Next room with unread messages'],
  [[modifier, 'Shift', '↑'], 'Move the focused room up in the list; ↓ moves it down'],
  [['Enter'], "Open the focused message's menu"],
  [['Shift', 'F10'], 'Open the menu of the focused room or message'],
  [['Enter'], 'Send'],
  [['Shift', 'Enter'], 'New line'],
  [['↑', '↓'], 'Move between messages'],
  [['Esc'], 'Return to the composer; close dialogs'],
  [[modifier, '/'], 'These shortcuts'],
];

/**
 * @param {import('./context.js').AppContext} app
 * @param {() => void} focusComposer
 */
export function listenForShortcuts({ chat, identity, router }, focusComposer) {
  addEventListener('keydown', (event) => {
    if (!chat.welcomed || !identity.isKnown || event.isComposing) return;
    const command = (isApple ? event.metaKey : event.ctrlKey) && !event.altKey && !event.shiftKey;
    if (command && event.key.toLowerCase() === 'k') toggle('switcher');
    else if (command && event.key === '/') toggle('shortcuts');
    else if (document.querySelector('dialog[open]')) return;
    else if (
      event.altKey &&
      !event.ctrlKey &&
      !event.metaKey &&
      (event.key === 'ArrowUp' || event.key === 'ArrowDown')
    ) {
      step(event.key === 'ArrowDown' ? 1 : -1, event.shiftKey);
    } else if (event.key === 'Escape' && !event.defaultPrevented) {
      if (panel.value) router.closePanel();
      else if (isRoom(router.route.value)) focusComposer();
      else if (isField(event.target)) event.target.blur(); /* one key should not discard what is written there */
      else router.close();
    } else if (isWriting(event)) {
      focusComposer(); /* which then receives the key */
      return;
    } else return;
    event.preventDefault();
  });

  /**
   * @param {1 | -1} direction
   * @param {boolean} unreadOnly
   */
  function step(direction, unreadOnly) {
    const rooms = chat.sidebar.order.filter((room) => !room.archived || room === chat.current);
    const from = chat.current ? rooms.indexOf(chat.current) : 0;
    for (let by = 1; by <= rooms.length; by++) {
      const room = rooms[(from + direction * by + rooms.length * by) % rooms.length];
      if (room !== chat.current && (!unreadOnly || chat.rooms.waitingIn(room))) return router.go(roomRoute(room));
    }
  }
}

/** @param {'switcher' | 'shortcuts'} name */
function toggle(name) {
  dialog.value = dialog.value === name ? null : name;
}

/** @param {EventTarget | null} target @returns {target is HTMLElement} */
function isField(target) {
  return target instanceof HTMLElement && target.matches('input, textarea, select');
}

/** A letter is typed while no field has the focus. @param {KeyboardEvent} event */
function isWriting(event) {
  if (panel.value || event.ctrlKey || event.metaKey || event.altKey || event.key.length !== 1 || event.key === ' ')
    return false;
  return !(event.target instanceof HTMLElement && event.target.closest('input, textarea, select, button, a, dialog'));
}
