/* The first run: the owner's account and the name of the place. */
import { checkPlaceName, fieldOfAccount } from '../../model/form.js';
import { useApp } from '../context.js';
import { Form, TextField } from '../form.jsx';
import { AccountFields } from './account_fields.jsx';
import { Card } from './card.jsx';

export function SetUpScreen() {
  const { identity } = useApp();
  return (
    <Card title="Welcome to your new chat">
      <p>Create the owner account and name your workspace.</p>
      <Form
        action="Create workspace"
        fieldOf={fieldOfAccount}
        onSubmit={({ place, name, display_name, password }) => identity.setUp({ place, name, display_name, password })}
      >
        <TextField
          name="place"
          label="Workspace name"
          placeholder="Garden Club"
          missing="Enter a workspace name."
          check={checkPlaceName}
          autoComplete="organization"
          autoFocus
        />
        <AccountFields label="Your username" />
      </Form>
    </Card>
  );
}
