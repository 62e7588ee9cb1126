/* Shown instead of the composer to readers who cannot post here: the reason, and what they can do. */
import { useState } from 'preact/hooks';
import { said } from '../lib/said.js';
import { may, whyNotWrite } from '../model/permissions.js';
import { useApp } from './context.js';
import { attempt } from './toast.jsx';
import { watch } from './watch.js';

/** @typedef {NonNullable<ReturnType<typeof whyNotWrite>>} Why */

/** @type {Record<Why, string>} */
const WORDS = {
  archived: 'This room is archived. You can read it but not post.',
  locked: 'This room is locked: only moderators can post here.',
  announcement: 'Only moderators can post here.',
  not_a_member: "You're previewing this room. Join it to post.",
};

/** @param {{ room: import('../model/room.js').Room, why: Why }} props */
export function ComposerInstead({ room, why }) {
  const { request, chat } = useApp();
  watch(room);
  const [isBusy, setBusy] = useState(false);
  const canJoin = why === 'not_a_member' && may('add_member', { me: chat.me, room, target: chat.me });

  async function join() {
    setBusy(true);
    await attempt(() => request({ type: 'add_member', room: room.id }));
    setBusy(false);
  }

  return (
    <div class="composer composer--instead">
      <p>{WORDS[why]}</p>
      {canJoin && (
        <button type="button" class="button button--primary" disabled={isBusy} onClick={join}>
          {isBusy ? 'Please wait…' : room.kind === 'announcement' ? said`Join ${room.name}` : 'Join'}
        </button>
      )}
    </div>
  );
}
