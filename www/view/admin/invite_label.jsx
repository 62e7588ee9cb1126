/* The label of an invitation, for admins: saved to the existing link. */
import { INVITE_LABEL_MAX } from '../../model/admin/invites.js';
import { useApp } from '../context.js';
import { Form, TextField } from '../form.jsx';

/** The field, for several forms. @param {{ hint: string, value?: string, autoFocus?: boolean }} props */
export function LabelField(props) {
  return (
    <TextField
      name="label"
      label="Label (optional)"
      placeholder="Class 5b"
      autoComplete="off"
      maxBytes={INVITE_LABEL_MAX}
      {...props}
    />
  );
}

/** @param {{ invite: number, value?: string, onSaved?: (label: string) => void }} props invite: its id */
export function InviteLabel({ invite, value = '', onSaved }) {
  const { request } = useApp();
  return (
    <Form
      class="invite__label"
      action="Save"
      done="Label saved."
      fieldOf={{ invalid: 'label' }}
      onSubmit={async ({ label }) => {
        await request({ type: 'edit_invite', invite, label });
        onSaved?.(label);
      }}
    >
      <LabelField hint="Helps you recognise this link later. Only admins can see it." value={value} />
    </Form>
  );
}
