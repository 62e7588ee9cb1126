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
      <p>Nobody is here yet. Make your account, which will own this place, and say what the place is called.</p>
      <Form
        action="Open the place"
        fieldOf={fieldOfAccount}
        onSubmit={({ place, name, display_name, password }) => identity.setUp({ place, name, display_name, password })}
      >
        <TextField
          name="place"
          label="Name of the place"
          placeholder="Garden Club"
          missing="Please give the place a name."
          check={checkPlaceName}
          autoComplete="organization"
          autoFocus
        />
        <AccountFields label="Your user name" />
      </Form>
    </Card>
  );
}
