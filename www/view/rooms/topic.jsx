/* A room's topic in its header; users who can change it press it. */
import { said } from '../../lib/said.js';
import { may } from '../../model/permissions.js';
import { useApp } from '../context.js';
import { Dialog } from '../dialog.jsx';
import { Form } from '../form.jsx';
import { closeModal, showModal } from '../modal.jsx';
import { TopicField } from './room_fields.jsx';

/** @param {{ room: import('../../model/room.js').Room }} props */
export function Topic({ room }) {
  const { me } = useApp().chat;
  if (!may('edit_room', { me, room })) {
    return room.topic ? (
      <p class="room-header__topic" dir="auto" title={room.topic}>
        {room.topic}
      </p>
    ) : null;
  }
  return (
    <button
      type="button"
      class="room-header__topic room-header__topic--button"
      title={room.topic || undefined}
      onClick={() => showModal(() => <TopicDialog room={room} />)}
    >
      <span class="visually-hidden">Change the topic: </span>
      <bdi>{room.topic || 'Add a topic'}</bdi>
    </button>
  );
}

/** @param {{ room: import('../../model/room.js').Room }} props */
function TopicDialog({ room }) {
  const { request } = useApp();
  return (
    <Dialog name="topic" title={said`Topic for ${room.name}`} onClose={closeModal}>
      <Form
        action="Save"
        fieldOf={{ invalid: 'topic' }}
        onSubmit={async ({ topic }) => {
          if (topic !== room.topic) await request({ type: 'edit_room', room: room.id, topic });
          closeModal();
        }}
      >
        <TopicField value={room.topic} />
      </Form>
    </Dialog>
  );
}
