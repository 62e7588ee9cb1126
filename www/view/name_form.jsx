/* A guest's name: at the first visit, after the server has forgotten it, and to change it. */
import { checkDisplayName } from '../model/form.js';
import { useApp } from './context.js';
import { Form, TextField } from './form.jsx';

/** @param {{ action: string, initial?: string, onDone?: () => void }} props */
export function NameForm({ action, initial = '', onDone }) {
  const { identity } = useApp();
  return (
    <Form
      action={action}
      fieldOf={{ name_taken: 'name', invalid: 'name', forbidden: 'name' }}
      onSubmit={async ({ name }) => {
        await identity.takeGuestName(name);
        onDone?.();
      }}
    >
      <TextField
        name="name"
        label="Your name"
        value={initial}
        missing="Enter a name."
        check={checkDisplayName}
        autoComplete="nickname"
        autoCapitalize="words"
        spellcheck={false}
        autoFocus
      />
    </Form>
  );
}
