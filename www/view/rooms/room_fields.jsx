/* The fields of a room, for creating and for changing one. */
import { useState } from 'preact/hooks';
import { ChoiceField, TextField } from '../form.jsx';

const NAME_MAX_CHARACTERS = 32;
const TOPIC_MAX_BYTES = 500;

const KINDS = [
  { value: 'open', label: 'Public', about: 'Listed. Anyone with an account can read and join.' },
  {
    value: 'closed',
    label: 'Private',
    about: 'Only members can see it. Members add people or accept requests to join.',
  },
  {
    value: 'announcement',
    label: 'Announcements',
    about: 'Listed. Anyone can join, but only moderators can post.',
  },
];

const HISTORIES = [
  { value: 'all', label: 'Everything', about: 'Including messages from before they joined.' },
  { value: 'joined', label: 'Only new messages', about: 'Nothing from before they joined.' },
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
      hint="A short description, shown next to the name."
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
      <ChoiceField name="kind" label="Visibility" options={KINDS} value={kind} onChange={setChosen} />
      {chosen === 'closed' && (
        <ChoiceField name="history" label="Message history for new members" options={HISTORIES} value={history} />
      )}
    </>
  );
}
