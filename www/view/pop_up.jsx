/* A menu that opens at the pointer or at an element, such as a row. On a touch screen it is a sheet at the bottom.
 *
 *     popUp({ items, anchor: event.currentTarget })
 *
 * Its items are computed when it opens. On closing, the focus goes back to the anchor. */
import { signal } from '@preact/signals';
import { MenuList } from './menu.jsx';
import { isTouch } from './ui.js';

/** @typedef {import('./menu.jsx').MenuItem} MenuItem */

/**
 * @typedef {object} PopUpFacts
 * @property {string} label its subject, for screen readers
 * @property {(MenuItem | false | null | undefined)[]} items
 * @property {HTMLElement} anchor
 * @property {{ x: number, y: number }} [at] the position of the pointer; by default, at the anchor
 */

/** @type {import('@preact/signals').Signal<PopUpFacts | null>} */
const shown = signal(null);

/** @param {PopUpFacts} facts */
export function popUp(facts) {
  const isOpenThere = shown.value?.anchor === facts.anchor && !facts.at;
  shown.value = isOpenThere ? null : facts;
}

/** How long a long press takes. */
const PRESS_MS = 500;
/** The present touch: the timer of its long press, and whether it has opened a menu. */
const press = { timer: /** @type {ReturnType<typeof setTimeout> | undefined} */ (undefined), opened: false };

/**
 * Listeners for opening a menu: a right click, the menu key, Shift+F10, and a long press, for which iOS sends no event.
 * @param {(anchor: HTMLElement, at?: { x: number, y: number }) => void} open
 * @param {{ mouse?: boolean, isText?: boolean }} [options] mouse: also a right click; for text, the browser's own
 *   menu is better. isText: a long press on words or a link is left to the browser, which selects them or opens its own menu
 */
export function opensMenu(open, { mouse = true, isText = false } = {}) {
  const endPress = () => clearTimeout(press.timer);
  return {
    /** @param {MouseEvent & { currentTarget: HTMLElement }} event */
    onContextMenu(event) {
      const byFinger = event instanceof PointerEvent && event.pointerType === 'touch';
      const byMouse = !byFinger && (event.button === 2 || event.ctrlKey); /* a key has no button */
      if (event.defaultPrevented || (byMouse && !mouse) || (byFinger && isText && !press.opened && isOnWords(event)))
        return;
      event.preventDefault();
      endPress();
      if (!byFinger || !press.opened)
        open(event.currentTarget, byMouse ? { x: event.clientX, y: event.clientY } : undefined);
      press.opened = byFinger;
    },
    /** @param {TouchEvent & { currentTarget: HTMLElement }} event */
    onTouchStart({ currentTarget, touches }) {
      endPress();
      press.opened = false;
      if (touches.length > 1 || (isText && isOnWords(touches[0]))) return;
      press.timer = setTimeout(() => {
        press.opened = true;
        open(currentTarget);
      }, PRESS_MS);
    },
    onTouchMove: endPress,
    onTouchCancel: endPress,
    /** @param {TouchEvent} event */
    onTouchEnd(event) {
      endPress();
      if (press.opened && event.cancelable) event.preventDefault(); /* it is not a tap */
    },
  };
}

/** A touch this near to a letter means the letter. */
const WORDS_PX = 6;

/**
 * Is there a link or text of a message under the finger?
 * @param {{ clientX: number, clientY: number, target: EventTarget | null }} touch
 */
function isOnWords({ clientX: x, clientY: y, target }) {
  const element = target instanceof Element ? target : null;
  const body = element?.closest('.message__body');
  if (!body) return false;
  if (element?.closest('a')) return true;
  const texts = document.createTreeWalker(body, NodeFilter.SHOW_TEXT);
  const range = document.createRange();
  const rects = [];
  while (texts.nextNode()) {
    range.selectNodeContents(texts.currentNode);
    rects.push(...range.getClientRects());
  }
  const isBeside = ({ left, right, top, bottom } = new DOMRect()) =>
    x >= left - WORDS_PX && x <= right + WORDS_PX && y >= top - WORDS_PX && y <= bottom + WORDS_PX;
  return rects.some(isBeside) && rects.some(({ top }) => y >= top) && rects.some(({ bottom }) => y <= bottom);
}

/** Shows the menu; used once on the screen. */
export function PopUp() {
  const facts = shown.value;
  if (!facts) return null;
  const { label, anchor, at } = facts;
  const items = /** @type {MenuItem[]} */ (facts.items.filter(Boolean));
  const rect = at && new DOMRect(at.x, at.y, 0, 0);
  const close = () => {
    if (shown.value === facts) shown.value = null;
  };
  return (
    <div class={isTouch ? 'sheet' : undefined} role="region" aria-label="Menu">
      <MenuList
        key={items.map((item) => item.label).join()}
        label={label}
        anchor={{
          getBoundingClientRect: () => rect ?? anchor.getBoundingClientRect(),
          contains: (node) => !rect && anchor.matches('button') && anchor.contains(node),
        }}
        items={items}
        onClose={() => {
          close();
          anchor.focus({ preventScroll: true });
        }}
        onLeave={close}
      />
    </div>
  );
}
