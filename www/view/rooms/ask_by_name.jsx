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
      done={`If there is ${id ? 'such a private room' : 'a private room with that name'}, its moderators will get your request.`}
      resets
      onSubmit={({ name: typed, text }) => request({ type: 'request_join', room: id ?? name ?? typed, text })}
    >
      {name === undefined && id === undefined && (
        <TextField name="name" label="Room name" missing="Enter a name." autoComplete="off" autoCapitalize="none" />
      )}
      <TextField
        name="text"
        label="Message to the moderators (optional)"
        maxBytes={TEXT_MAX_BYTES}
        autoComplete="off"
      />
    </Form>
  );
}
