/* A new section in the reader's sidebar: it exists as soon as a room is in it. */
import { useApp } from '../context.js';
import { Dialog } from '../dialog.jsx';
import { Form, TextField } from '../form.jsx';
import { closeModal } from '../modal.jsx';

const NAME_MAX_BYTES = 100;

/** @param {{ room: import('../../model/room.js').Room }} props the first one in it */
export function SectionDialog({ room }) {
  const { request, chat } = useApp();
  return (
    <Dialog name="section" title="New section" onClose={closeModal}>
      <p class="confirm__text">
        For <bdi>{chat.titleOf(room)}</bdi>, and whatever you put there later. Only you see it.
      </p>
      <Form
        action="Create"
        fieldOf={{ invalid: 'section' }}
        onSubmit={async ({ section }) => {
          await request({ type: 'set_membership', room: room.id, section, position: 0, favourite: false });
          closeModal();
        }}
      >
        <TextField name="section" label="Section name" missing="Enter a name." maxBytes={NAME_MAX_BYTES} autoFocus />
      </Form>
    </Dialog>
  );
}
