/* The keys of the timeline. Its rows are one stop of Tab: the row that had the focus last, or else the newest. From there, the
 * arrow keys go from row to row, and Enter acts on one. */
import { useState } from 'preact/hooks';

/** @typedef {import('../../model/rows.js').Row} Row */

export function focusComposer() {
  /** @type {HTMLElement | null} */ (document.querySelector('.composer__text'))?.focus();
}

/** At once: the next Tab may come before the rows are drawn again. @param {HTMLElement} row */
function makeTabbable(row) {
  for (const other of row.parentElement?.querySelectorAll(':scope > [tabindex="0"]') ?? [])
    /** @type {HTMLElement} */ (other).tabIndex = -1;
  row.tabIndex = 0;
}

/**
 * @param {object} props
 * @param {Row[]} props.rows
 * @param {(key: string) => HTMLElement | null | undefined} props.rowOf
 * @param {(row: Row, element: HTMLElement) => boolean} props.onAct Enter on a row; whether there is anything to do
 */
export function useRowKeys({ rows, rowOf, onAct }) {
  const [focusKey, setFocusKey] = useState(/** @type {string | null} */ (null));
  const focusable = rows.filter(({ kind }) => kind === 'message' || kind === 'notice' || kind === 'people');

  /** @param {KeyboardEvent} event */
  function onKeyDown(event) {
    const target = /** @type {HTMLElement} */ (event.target);
    if (target.dataset.key === undefined) return;
    const index = focusable.findIndex((row) => row.key === target.dataset.key);
    if (event.key === 'Enter' && index >= 0 && onAct(focusable[index], target)) return event.preventDefault();
    const next = { ArrowUp: index - 1, ArrowDown: index + 1, Home: 0, End: focusable.length - 1 }[event.key];
    if (next === undefined || index < 0) return;
    event.preventDefault();
    const row = focusable[next];
    if (row) rowOf(row.key)?.focus();
    else if (next >= focusable.length) focusComposer();
  }

  /** @param {FocusEvent} event */
  function onFocusCapture(event) {
    const row = /** @type {HTMLElement | null} */ (/** @type {HTMLElement} */ (event.target).closest('[data-key]'));
    setFocusKey(row?.dataset.key ?? null);
    if (row) makeTabbable(row);
  }

  return {
    /** The key of the row that Tab leads to. */
    tabbable: focusable.find((row) => row.key === focusKey)?.key ?? focusable.at(-1)?.key,
    /** For the element around the rows. */
    listeners: { onKeyDown, onFocusCapture },
  };
}
