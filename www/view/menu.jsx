/* A button that opens a menu: arrows, Home, End and letters move in it, Esc and a click elsewhere close it, and the
 * focus goes back to the button. It opens where there is room: below or above, to the left or to the right. */
import { useEffect, useId, useLayoutEffect, useRef, useState } from 'preact/hooks';
import { CheckIcon } from './icons.jsx';

/**
 * @typedef {object} MenuItem
 * @property {string} label
 * @property {import('preact').ComponentChildren} [icon]
 * @property {() => void} onSelect
 * @property {boolean} [danger]
 * @property {boolean} [checked] for one of several choices; undefined: not a choice
 * @property {boolean} [line] a line above it
 * @property {string} [note] for example a count
 */

const GAP_PX = 4;
const EDGE_PX = 8;

/**
 * @param {object} props
 * @param {string} [props.label] of the button, if its content has no text
 * @param {string} [props.title]
 * @param {string} props.class of the button
 * @param {(MenuItem | false | null | undefined)[]} props.items
 * @param {import('preact').ComponentChildren} props.children of the button
 */
export function Menu({ label, title, class: kind, items, children }) {
  const [isOpen, setOpen] = useState(false);
  const button = useRef(/** @type {HTMLButtonElement | null} */ (null));
  const id = useId();

  function close() {
    setOpen(false);
    button.current?.focus();
  }

  return (
    <>
      <button
        ref={button}
        type="button"
        class={kind}
        title={title}
        aria-haspopup="menu"
        aria-expanded={isOpen}
        aria-controls={isOpen ? id : undefined}
        aria-label={label}
        onClick={() => setOpen(!isOpen)}
        onKeyDown={(event) => {
          if (event.key !== 'ArrowDown' && event.key !== 'ArrowUp') return;
          event.preventDefault();
          setOpen(true);
        }}
      >
        {children}
      </button>
      {isOpen && (
        <MenuList
          id={id}
          anchor={/** @type {HTMLElement} */ (button.current)}
          items={/** @type {MenuItem[]} */ (items.filter(Boolean))}
          onClose={close}
          onLeave={() => setOpen(false)}
        />
      )}
    </>
  );
}

/**
 * The open menu alone; see pop_up.jsx for one that belongs to no button.
 * @param {object} props
 * @param {string} [props.id]
 * @param {string} [props.label]
 * @param {Pick<HTMLElement, 'getBoundingClientRect' | 'contains'>} props.anchor the menu opens there; a press on it does not close the menu
 * @param {MenuItem[]} props.items
 * @param {() => void} props.onClose after a choice or Esc: the focus goes back
 * @param {() => void} props.onLeave after a press elsewhere
 */
export function MenuList({ id, label, anchor, items, onClose, onLeave }) {
  const list = useRef(/** @type {HTMLDivElement | null} */ (null));
  const buttons = () => [...(list.current?.querySelectorAll('button') ?? [])];

  useLayoutEffect(() => {
    if (!list.current) return;
    place(list.current, anchor.getBoundingClientRect());
    buttons()[0]?.focus({ preventScroll: true });
  }, []);

  useEffect(() => {
    const outside = (/** @type {Event} */ { target }) => {
      if (!list.current?.contains(/** @type {Node} */ (target)) && !anchor.contains(/** @type {Node} */ (target)))
        onLeave();
    };
    addEventListener('pointerdown', outside);
    addEventListener('resize', onLeave);
    return () => {
      removeEventListener('pointerdown', outside);
      removeEventListener('resize', onLeave);
    };
  }, []);

  /** @param {KeyboardEvent} event */
  function onKeyDown(event) {
    const all = buttons();
    const at = all.indexOf(/** @type {HTMLButtonElement} */ (document.activeElement));
    const next = { ArrowDown: at + 1, ArrowUp: at - 1 + all.length, Home: 0, End: all.length - 1 }[event.key];
    if (event.key === 'Tab') return onLeave();
    if (event.key === 'Escape') onClose();
    else if (next !== undefined) all[next % all.length]?.focus();
    else if (event.key.length === 1 && event.key !== ' ') {
      const later = [...all.slice(at + 1), ...all.slice(0, at + 1)];
      later.find(({ textContent }) => textContent?.trim().toLowerCase().startsWith(event.key.toLowerCase()))?.focus();
    } else return;
    event.preventDefault();
    event.stopPropagation();
  }

  return (
    <div ref={list} id={id} class="menu" role="menu" aria-label={label} onKeyDown={onKeyDown}>
      {items.map(({ label, icon, onSelect, danger, checked, line, note }) => (
        <button
          key={label}
          type="button"
          role={checked === undefined ? 'menuitem' : 'menuitemradio'}
          aria-checked={checked}
          tabIndex={-1}
          class={`menu__item ${danger ? 'menu__item--danger' : ''} ${line ? 'menu__item--line' : ''}`}
          onClick={() => {
            onClose();
            onSelect();
          }}
        >
          {icon}
          <span class="menu__label">{label}</span>
          {note && <span class="count">{note}</span>}
          {checked && <CheckIcon />}
        </button>
      ))}
    </div>
  );
}

/**
 * @param {HTMLElement} list
 * @param {DOMRect} anchor
 */
function place(list, anchor) {
  const { offsetWidth: width, offsetHeight: height } = list;
  const below = anchor.bottom + GAP_PX;
  const fitsBelow = below + height <= innerHeight - EDGE_PX;
  const top = fitsBelow ? below : Math.max(anchor.top - GAP_PX - height, EDGE_PX);
  const left = Math.min(anchor.left, innerWidth - EDGE_PX - width);
  list.style.top = `${top}px`;
  list.style.left = `${Math.max(left, EDGE_PX)}px`;
}
