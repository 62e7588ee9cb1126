/* Asks for confirmation before something that cannot be undone.
 *
 *     if (await confirm({ title: 'Revoke the token?', text: '...', action: 'Revoke', danger: true })) ... */
import { signal } from '@preact/signals';
import { useRef } from 'preact/hooks';
import { Dialog } from './dialog.jsx';

/**
 * @typedef {object} Question
 * @property {string} title
 * @property {import('preact').ComponentChildren} [text]
 * @property {string} action the button that does it
 * @property {string} [cancel] the other button
 * @property {boolean} [danger]
 */

/** @type {import('@preact/signals').Signal<(Question & { answer: (yes: boolean) => void }) | null>} */
const asked = signal(null);

/**
 * @param {Question} question
 * @returns {Promise<boolean>} also false when it was closed or replaced by another question
 */
export function confirm(question) {
  asked.value?.answer(false);
  return new Promise((resolve) => {
    asked.value = {
      ...question,
      answer(yes) {
        asked.value = null;
        resolve(yes);
      },
    };
  });
}

/** Shows the questions; used once on the screen. */
export function ConfirmDialog() {
  const question = asked.value;
  const no = useRef(/** @type {HTMLButtonElement | null} */ (null));
  if (!question) return null;
  const { title, text, action, cancel = 'Cancel', danger = false, answer } = question;
  return (
    <Dialog name="confirm" title={title} onClose={() => answer(false)} focus={no}>
      {text && <p class="confirm__text">{text}</p>}
      <div class="confirm__actions">
        <button type="button" class="button" ref={no} onClick={() => answer(false)}>
          {cancel}
        </button>
        <button
          type="button"
          class={`button ${danger ? 'button--danger' : 'button--primary'}`}
          onClick={() => answer(true)}
        >
          {action}
        </button>
      </div>
    </Dialog>
  );
}
