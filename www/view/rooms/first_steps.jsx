/* Suggestions for a room without messages. */
import { may, whyNotWrite } from '../../model/permissions.js';
import { useApp } from '../context.js';
import { showModal } from '../modal.jsx';
import { AddMembers } from '../people/add_members.jsx';
import { invitePeople, useMayInvite } from '../people/invite.jsx';

/** @typedef {import('../../model/room.js').Room} Room */

/** Whether the reader can add people to the room. @param {import('../context.js').AppContext} app @param {Room} room */
export const mayAdd = ({ chat }, room) => !room.archived && may('add_member', { me: chat.me, room });

/** @param {import('../context.js').AppContext} app @param {Room} room */
export function addPeople({ request }, room) {
  const count = () =>
    request({ type: 'members', room: room.id, limit: 1 }).then(
      (answer) => room.become({ memberCount: answer.count }),
      () => {},
    );
  showModal(() => <AddMembers room={room} onAdded={count} />);
}

/** @param {{ room: Room, onWrite: () => void }} props */
export function FirstSteps({ room, onWrite }) {
  const app = useApp();
  const { chat } = app;
  const mayInvite = useMayInvite();
  return (
    <div class="empty__actions">
      {!whyNotWrite(room, chat.me) && (
        <button type="button" class="button button--primary" onClick={onWrite}>
          Write the first message
        </button>
      )}
      {mayAdd(app, room) && (
        <button type="button" class="button" onClick={() => addPeople(app, room)}>
          Add people
        </button>
      )}
      {room.kind !== 'direct' && mayInvite && (
        <button type="button" class="button" onClick={() => invitePeople(room)}>
          Invite people
        </button>
      )}
    </div>
  );
}
