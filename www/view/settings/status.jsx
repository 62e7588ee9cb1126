/* The status: an emoji and a few words beside the user's name, for a while. */
import { useState } from 'preact/hooks';
import { STATUS_CHOICES, untilOf } from '../../lib/durations.js';
import { shortMoment } from '../../lib/time.js';
import { statusOf } from '../../model/persons.js';
import { useApp } from '../context.js';
import { closeDialog, Dialog } from '../dialog.jsx';
import { Form, SelectField, TextField } from '../form.jsx';
import { watch } from '../watch.js';

/** Suggestions. */
const USUAL = [
  { emoji: '📅', text: 'In a meeting', until: '1h' },
  { emoji: '🎧', text: 'Focusing', until: '4h' },
  { emoji: '🍲', text: 'Lunch', until: '30min' },
  { emoji: '🏡', text: 'Done for the day', until: 'today' },
  { emoji: '🤒', text: 'Out sick', until: 'today' },
  { emoji: '🌴', text: 'On holiday', until: 'never' },
];

/** The choice that keeps the present end of a status. */
const KEPT = 'kept';

/** @param {{ onDone?: () => void }} props */
export function StatusForm({ onDone }) {
  const { request, chat } = useApp();
  const me = /** @type {import('../../lib/protocol.js').PersonInfo} */ (watch(chat).me);
  const hasStatus = statusOf(me, Date.now()) !== '';
  const until = hasStatus ? (me.status_until ?? 0) : 0;
  /** The chosen suggestion, with which the fields start. */
  const [chosen, setChosen] = useState(/** @type {typeof USUAL[number] | null} */ (null));
  const own = { emoji: me.status_emoji, text: me.status_text, until: until ? KEPT : 'never' };
  const start = chosen ?? (hasStatus ? own : { emoji: '', text: '', until: 'never' });

  /** @param {{ emoji: string, text: string, until_ms: number }} status */
  async function set({ emoji, text, until_ms }) {
    await request({ type: 'set_profile', status_emoji: emoji, status_text: text, status_until: until_ms });
    onDone?.();
  }

  return (
    <>
      <ul class="status__usual" aria-label="Suggestions">
        {USUAL.map((usual) => (
          <li key={usual.text}>
            <button type="button" class="chip" aria-pressed={chosen === usual} onClick={() => setChosen(usual)}>
              <span aria-hidden="true">{usual.emoji}</span> {usual.text}
            </button>
          </li>
        ))}
      </ul>
      <Form
        key={chosen?.text ?? 'own'}
        class="status"
        action="Set status"
        done="Status set."
        onSubmit={({ emoji, text, ends }) => {
          if (!emoji && !text) throw new Error('Enter a status or pick a suggestion.');
          return set({ emoji, text, until_ms: ends === KEPT ? until : untilOf(ends, Date.now()) });
        }}
        aside={hasStatus && <ClearButton onClear={() => set({ emoji: '', text: '', until_ms: 0 })} />}
      >
        <div class="status__fields">
          <TextField
            name="emoji"
            label="Emoji"
            value={start.emoji ?? ''}
            maxBytes={64}
            placeholder="🌱"
            autoComplete="off"
          />
          <TextField name="text" label="Your status" value={start.text ?? ''} maxBytes={400} autoComplete="off" />
        </div>
        <SelectField
          name="ends"
          label="Duration"
          value={start.until}
          options={[
            ...(until ? [{ value: KEPT, label: `Until ${shortMoment(until, Date.now())}` }] : []),
            ...STATUS_CHOICES,
          ]}
        />
      </Form>
    </>
  );
}

/** @param {{ onClear: () => Promise<void> }} props */
function ClearButton({ onClear }) {
  const [failed, setFailed] = useState(false);
  return (
    <button type="button" class="button" onClick={() => onClear().catch(() => setFailed(true))}>
      {failed ? 'Try again to clear it' : 'Clear status'}
    </button>
  );
}

export function StatusDialog() {
  return (
    <Dialog name="status" title="Your status">
      <StatusForm onDone={closeDialog} />
    </Dialog>
  );
}
