/* A button that copies a text and confirms it. */
import { useEffect, useRef, useState } from 'preact/hooks';
import { CheckIcon, CopyIcon } from './icons.jsx';

const SAID_MS = 2_000;

/** @param {string} text @returns {Promise<boolean>} */
export async function copy(text) {
  try {
    await navigator.clipboard.writeText(text);
    return true;
  } catch {
    return copyBySelection(text); /* browsers have this clipboard only on secure origins */
  }
}

/** @param {string} text */
function copyBySelection(text) {
  const area = document.createElement('textarea');
  area.value = text;
  area.className = 'visually-hidden';
  /* Inside an open dialog: nothing outside of it can have the focus. */
  const before = /** @type {HTMLElement | null} */ (document.activeElement);
  (before?.closest('dialog') ?? document.body).append(area);
  area.select();
  const done = document.execCommand('copy');
  area.remove();
  before?.focus();
  return done;
}

/** @param {{ text: string, label?: string, small?: boolean }} props */
export function CopyButton({ text, label = 'Copy', small = true }) {
  const [said, setSaid] = useState('');
  const timer = useRef(/** @type {ReturnType<typeof setTimeout> | undefined} */ (undefined));
  useEffect(() => () => clearTimeout(timer.current), []);

  async function press() {
    setSaid((await copy(text)) ? 'Copied' : 'Select and copy this');
    clearTimeout(timer.current);
    timer.current = setTimeout(() => setSaid(''), SAID_MS);
  }

  return (
    <>
      <button type="button" class={`button button--icon ${small ? 'button--small' : ''}`} onClick={press}>
        {said === 'Copied' ? <CheckIcon /> : <CopyIcon />}
        {said || label}
      </button>
      <span class="visually-hidden" role="status">
        {said}
      </span>
    </>
  );
}
