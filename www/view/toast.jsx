/* A short message about what has just been done, or why it failed. Disappears by itself.
 *
 *     await attempt(() => request({ type: 'mute', ... }), 'Ben cannot write for 10 minutes.') */
import { signal } from '@preact/signals';
import { useEffect } from 'preact/hooks';
import { reasonOf } from '../lib/refusal.js';
import { AlertIcon, CheckIcon, CloseIcon } from './icons.jsx';

const SHOWN_MS = 6_000;

/** @type {import('@preact/signals').Signal<{ text: string, isProblem: boolean } | null>} */
const shown = signal(null);

/** @param {string} text @param {{ isProblem?: boolean }} [options] */
export function say(text, { isProblem = false } = {}) {
  shown.value = { text, isProblem };
}

/**
 * @template T
 * @param {() => Promise<T>} act rejects with whatever lib/refusal.js understands
 * @param {string} [done] shown when it has worked
 * @returns {Promise<T | null>} null: it has failed, and a toast says so
 */
export async function attempt(act, done) {
  try {
    const answer = await act();
    if (done) say(done);
    return answer;
  } catch (error) {
    say(reasonOf(error).message, { isProblem: true });
    return null;
  }
}

/** Shows the toast. Used once on the screen, and always present, so that screen readers announce its text. */
export function Toast() {
  const word = shown.value;
  useEffect(() => {
    if (!word) return;
    const timer = setTimeout(() => (shown.value = null), SHOWN_MS);
    return () => clearTimeout(timer);
  }, [word]);
  return (
    <div class="toasts" role="status">
      {word && (
        <div class={`toast ${word.isProblem ? 'toast--problem' : ''}`}>
          {word.isProblem ? <AlertIcon /> : <CheckIcon />}
          <p>{word.text}</p>
          <button type="button" class="icon-button" onClick={() => (shown.value = null)}>
            <CloseIcon />
            <span class="visually-hidden">Close</span>
          </button>
        </div>
      )}
    </div>
  );
}
