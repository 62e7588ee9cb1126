/* The fields of a room, for creating and for changing one. */
import { useState } from 'preact/hooks';
import { ChoiceField, TextField } from '../form.jsx';

const NAME_MAX_CHARACTERS = 32;
const TOPIC_MAX_BYTES = 500;

const KINDS = [
  { value: 'open', label: 'Open', about: 'It is listed, and whoever has an account may read and join it.' },
  {
    value: 'closed',
    label: 'Closed',
    about: 'Only its members know of it; a member adds others, or accepts whoever asks to join.',
  },
  {
    value: 'announcement',
    label: 'Announcements',
    about: 'It is listed and everybody may join, but only moderators write.',
  },
];

const HISTORIES = [
  { value: 'all', label: 'Everything', about: 'Also what was said before they joined.' },
  { value: 'joined', label: 'What comes after', about: 'Nothing from before they joined.' },
];

/** @param {{ value?: string, autoFocus?: boolean }} props */
export function RoomNameField({ value, autoFocus }) {
  return (
    <TextField
      name="name"
      label="Name"
      value={value}
      missing="Enter a name."
      check={(name) =>
        Array.from(name).length > NAME_MAX_CHARACTERS ? `At most ${NAME_MAX_CHARACTERS} characters.` : null
      }
      autoComplete="off"
      autoCapitalize="none"
      autoFocus={autoFocus}
    />
  );
}

/** @param {{ value?: string }} props */
export function TopicField({ value }) {
  return (
    <TextField
      name="topic"
      label="Topic"
      value={value}
      hint="What it is about, in a few words. It stands beside the name."
      maxBytes={TOPIC_MAX_BYTES}
    />
  );
}

/**
 * The kind of the room; and for a private room, the only kind with a limited history, what new members see.
 * @param {{ kind: string, history: string }} props the initial values
 */
export function KindFields({ kind, history }) {
  const [chosen, setChosen] = useState(kind);
  return (
    <>
      <ChoiceField name="kind" label="Who it is for" options={KINDS} value={kind} onChange={setChosen} />
      {chosen === 'closed' && (
        <ChoiceField name="history" label="What a new member sees" options={HISTORIES} value={history} />
      )}
    </>
  );
}
