/* Banning a user from the workspace, and muting one in a room. */
import { BAN_CHOICES, MUTE_CHOICES, untilOf } from '../../lib/durations.js';
import { said } from '../../lib/said.js';
import { confirm } from '../confirm.jsx';
import { useApp } from '../context.js';
import { Dialog } from '../dialog.jsx';
import { Checkbox, Form, SelectField, TextField } from '../form.jsx';

/** @typedef {import('../../lib/protocol.js').User} User */

/** As on the server: proto/request_fields.c. */
export const REASON_MAX = 1000;

/** @param {{ value: string, label: string }[]} choices @param {string} value */
const spanOf = (choices, value) => choices.find((choice) => choice.value === value)?.label.toLowerCase() ?? '';

/**
 * @param {object} props
 * @param {User} props.user
 * @param {string} [props.reason] the initial reason
 * @param {(how: string) => void} props.onDone gets what was done, in the past tense
 * @param {import('preact').ComponentChildren} [props.aside] beside the button
 */
export function BanForm({ user, reason = '', onDone, aside }) {
  const { request, chat } = useApp();
  const name = chat.persons.nameOf(user);
  return (
    <Form
      action="Ban"
      danger
      aside={aside}
      onSubmit={async ({ ends, reason: why, hide }) => {
        await request({ type: 'ban', user: user.id, until_ms: untilOf(ends, Date.now()), reason: why, hide });
        onDone(said`banned ${name} ${spanOf(BAN_CHOICES, ends)}`);
      }}
    >
      <p class="form__hint">They'll be signed out everywhere and can't return until the ban ends.</p>
      <SelectField name="ends" label="Duration" value="never" options={BAN_CHOICES} />
      <TextField
        name="reason"
        label="Reason"
        hint="Shown to other moderators."
        rows={2}
        value={reason}
        maxBytes={REASON_MAX}
        autoFocus
      />
      <Checkbox name="hide" label="Hide all their messages" hint="Until they are unbanned." />
    </Form>
  );
}

/** @param {Omit<Parameters<typeof BanForm>[0], 'aside'> & { onClose: () => void }} props */
export function BanDialog({ user, reason, onDone, onClose }) {
  const { chat } = useApp();
  return (
    <Dialog name="ban" title={said`Ban ${chat.persons.nameOf(user)}`} onClose={onClose}>
      <BanForm user={user} reason={reason} onDone={onDone} />
    </Dialog>
  );
}

/**
 * @param {{ user: User, room: { id: number, name: string }, onDone: (how: string) => void, onClose: () => void }} props
 */
export function MuteDialog({ user, room, onDone, onClose }) {
  const { request, chat } = useApp();
  const name = chat.persons.nameOf(user);
  return (
    <Dialog name="mute" title={said`Mute ${name}`} onClose={onClose}>
      <Form
        action="Mute"
        danger
        onSubmit={async ({ ends }) => {
          await request({ type: 'mute', room: room.id, user: user.id, until_ms: untilOf(ends, Date.now()) });
          onDone(said`muted ${name} ${spanOf(MUTE_CHOICES, ends)}`);
        }}
      >
        <p class="form__hint">
          They can read <bdi>{room.name}</bdi> but can't post.
        </p>
        <SelectField name="ends" label="Duration" value="1d" options={MUTE_CHOICES} />
      </Form>
    </Dialog>
  );
}

/**
 * @param {string} name
 * @param {boolean} hides their messages
 */
export const confirmUnban = (name, hides) =>
  confirm({
    title: said`Unban ${name}?`,
    text: `They can return right away.${hides ? ' Their messages will be shown again.' : ''}`,
    action: 'Unban',
  });
