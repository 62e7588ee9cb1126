/* Requesting access to a private room by its name. The answer does not tell whether the room exists. */
import { useApp } from '../context.js';
import { Form, TextField } from '../form.jsx';

const TEXT_MAX_BYTES = 1000;

/** @param {{ name?: string, id?: number }} props known already */
export function AskByName({ name, id }) {
  const { request } = useApp();
  return (
    <Form
      class="ask-to-join"
      action="Ask to join"
      done={`If there is ${id ? 'such a closed room' : 'a closed room of that name'}, its moderators see that you would like to join.`}
      resets
      onSubmit={({ name: typed, text }) => request({ type: 'request_join', room: id ?? name ?? typed, text })}
    >
      {name === undefined && id === undefined && (
        <TextField
          name="name"
          label="Name of the room"
          missing="Enter the name."
          autoComplete="off"
          autoCapitalize="none"
        />
      )}
      <TextField name="text" label="A word to its moderators (optional)" maxBytes={TEXT_MAX_BYTES} autoComplete="off" />
    </Form>
  );
}
