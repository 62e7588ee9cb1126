/* Choosing a name: at the first visit, when the server has forgotten it, and to change it. */
import { useEffect, useId, useRef, useState } from 'preact/hooks';
import { useApp } from './context.js';

const NAME_MAX = 32;

/** @param {{ label: string, action: string, initial?: string, onDone?: () => void }} props */
export function NameForm({ label, action, initial = '', onDone }) {
  const { takeName } = useApp();
  const [name, setName] = useState(initial);
  const [problem, setProblem] = useState('');
  const [busy, setBusy] = useState(false);
  const input = useRef(/** @type {HTMLInputElement | null} */ (null));
  const id = useId();
  useEffect(() => {
    input.current?.focus();
    input.current?.select();
  }, []);

  /** Takes what stands in the field, which a fast writer has changed since it was drawn last. @param {Event} event */
  async function submit(event) {
    event.preventDefault();
    const wanted = (input.current?.value ?? '').trim();
    if (busy) return;
    if (!wanted) {
      setProblem('Please write a name.');
      input.current?.focus();
      return;
    }
    setBusy(true);
    setProblem('');
    try {
      await takeName(wanted);
      onDone?.();
    } catch (error) {
      setBusy(false);
      setProblem(error instanceof Error ? error.message : String(error));
      input.current?.select();
    }
  }

  return (
    <form class="name-form" onSubmit={submit} noValidate>
      <label for={id}>{label}</label>
      <div class="name-form__row">
        <input
          ref={input}
          id={id}
          class="field"
          value={name}
          onInput={(event) => setName(event.currentTarget.value)}
          maxLength={NAME_MAX * 2}
          autoComplete="nickname"
          autoCapitalize="words"
          spellcheck={false}
          required
          autofocus
          dir="auto"
          aria-invalid={problem ? 'true' : undefined}
          aria-describedby={`${id}-problem`}
        />
        <button type="submit" class="button button--primary" disabled={busy}>
          {busy ? 'One moment…' : action}
        </button>
      </div>
      <p id={`${id}-problem`} class="name-form__problem" role="alert">
        {problem}
      </p>
    </form>
  );
}
