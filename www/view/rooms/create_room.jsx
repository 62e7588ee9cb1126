/* A new room. */
import { roomRoute } from '../../lib/route.js';
import { useApp } from '../context.js';
import { Dialog } from '../dialog.jsx';
import { Form } from '../form.jsx';
import { closeModal } from '../modal.jsx';
import { KindFields, RoomNameField, TopicField } from './room_fields.jsx';

export function CreateRoom() {
  const { request, chat, router } = useApp();
  return (
    <Dialog name="room" title="Create a room" onClose={closeModal}>
      <Form
        action="Create"
        fieldOf={{ name_taken: 'name' }}
        onSubmit={async ({ name, topic, kind, history }) => {
          const { room } = await request({ type: 'create_room', name, topic, kind, history });
          closeModal();
          router.go(roomRoute(chat.rooms.get(room) ?? { id: room, name, kind }));
        }}
      >
        <RoomNameField autoFocus />
        <TopicField />
        <KindFields kind="open" history="all" />
      </Form>
    </Dialog>
  );
}
