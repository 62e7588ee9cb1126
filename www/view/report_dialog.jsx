/* Reporting a message to the moderators. */
import { useApp } from './context.js';
import { Dialog } from './dialog.jsx';
import { Form, TextField } from './form.jsx';
import { closeModal } from './modal.jsx';
import { say } from './toast.jsx';

const REASON_MAX_BYTES = 1000;

/** @param {{ room: import('../model/room.js').Room, seq: number, author: string, body: string }} props */
export function ReportDialog({ room, seq, author, body }) {
  const { request } = useApp();
  return (
    <Dialog name="report" title="Report this message" onClose={closeModal}>
      <blockquote class="quoted" dir="auto">
        <b>{author}</b> {body}
      </blockquote>
      <Form
        action="Report"
        fieldOf={{ invalid: 'reason' }}
        onSubmit={async ({ reason }) => {
          await request({ type: 'report', room: room.id, seq, reason });
          closeModal();
          say('Report sent to the moderators.');
        }}
      >
        <TextField
          name="reason"
          label="What's wrong with this message?"
          rows={3}
          maxBytes={REASON_MAX_BYTES}
          hint="Only moderators can see who reported it."
          autoFocus
        />
      </Form>
    </Dialog>
  );
}
