/* The settings of a room, for users who can change them. */
import { said } from '../../lib/said.js';
import { isOutside } from '../../model/permissions.js';
import { useApp } from '../context.js';
import { Dialog } from '../dialog.jsx';
import { Checkbox, Form, SelectField, TextField } from '../form.jsx';
import { closeModal } from '../modal.jsx';
import { Loading, Problem } from '../states.jsx';
import { useQuery } from '../use_query.js';
import { watch } from '../watch.js';
import { KindFields, RoomNameField, TopicField } from './room_fields.jsx';

const DESCRIPTION_MAX_BYTES = 4000;

const PACES = [0, 5, 10, 30, 60, 300, 900, 3600];
const PACE_NAMES = ['Off', '5 seconds', '10 seconds', '30 seconds', 'A minute', '5 minutes', '15 minutes', 'An hour'];

/** @param {{ room: import('../../model/room.js').Room, onSaved?: () => void }} props */
export function RoomSettings({ room, onSaved = () => {} }) {
  const { request } = useApp();
  const hidden = isOutside(room);
  /* The description comes with the members. */
  const { answer, problem, retry } = useQuery(
    async () => (hidden ? {} : request({ type: 'members', room: room.id, limit: 1 })),
    [room.id, hidden],
  );
  return (
    <Dialog name="room" title={said`${room.name} settings`} onClose={closeModal}>
      {problem ? (
        <Problem message={problem} onRetry={retry} />
      ) : answer ? (
        <SettingsForm room={room} hidden={hidden} description={answer.description ?? ''} onSaved={onSaved} />
      ) : (
        <Loading />
      )}
    </Dialog>
  );
}

/**
 * @param {object} props
 * @param {import('../../model/room.js').Room} props.room
 * @param {boolean} props.hidden topic and description are not known to the reader, so there are no fields for them
 * @param {string} props.description
 * @param {() => void} props.onSaved
 */
function SettingsForm({ room, hidden, description, onSaved }) {
  const { request } = useApp();
  const { name, topic, kind, history, slowSeconds, locked } = watch(room);
  const paces = PACES.includes(slowSeconds) ? [] : [{ value: String(slowSeconds), label: `${slowSeconds} seconds` }];

  /** @param {any} values as they stand in the form */
  async function save(values) {
    if (values.name !== room.name) await request({ type: 'rename_room', room: room.id, name: values.name });
    const wanted = {
      topic: values.topic,
      description: values.description,
      kind: values.kind,
      history: values.history,
      slow_s: Number(values.pace),
      locked: values.locked,
    };
    const is = {
      topic: room.topic,
      description,
      kind: room.kind,
      history: room.history,
      slow_s: room.slowSeconds,
      locked: room.locked,
    };
    const changes = Object.entries(wanted).filter(
      ([field, value]) => value !== undefined && value !== is[/** @type {keyof typeof is} */ (field)],
    );
    if (changes.length) await request({ type: 'edit_room', room: room.id, ...Object.fromEntries(changes) });
    closeModal();
    onSaved();
  }

  return (
    <Form action="Save" fieldOf={{ name_taken: 'name' }} onSubmit={save}>
      <RoomNameField value={name} />
      {!hidden && (
        <>
          <TopicField value={topic} />
          <TextField
            name="description"
            label="Description"
            value={description}
            rows={3}
            maxBytes={DESCRIPTION_MAX_BYTES}
            hint="Shown to people deciding whether to join."
          />
        </>
      )}
      <KindFields kind={kind} history={history} />
      <SelectField
        name="pace"
        label="Slow mode"
        value={String(slowSeconds)}
        hint="Members must wait this long between messages. Moderators are exempt."
        options={[...PACES.map((pace, index) => ({ value: String(pace), label: PACE_NAMES[index] })), ...paces]}
      />
      <Checkbox name="locked" label="Locked: only moderators can post" value={locked} />
    </Form>
  );
}
