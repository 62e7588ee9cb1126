/* The first run: the owner's account and the name of the place. */
import { checkDisplayName, checkPassword, checkPlaceName, checkUserName, fieldOfAccount, PASSWORD_RULE } from '../../model/form.js';
import { useApp } from '../context.js';
import { Form, PasswordField, TextField } from '../form.jsx';
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
        <TextField
          name="name"
          label="Your user name"
          hint="For signing in and for mentions, such as anna.berg"
          missing="Please write a user name."
          check={checkUserName}
          autoComplete="username"
          autoCapitalize="none"
          spellcheck={false}
        />
        <TextField
          name="display_name"
          label="Your name, as others see it (optional)"
          check={checkDisplayName}
          autoComplete="name"
          autoCapitalize="words"
        />
        <PasswordField
          name="password"
          label="Password"
          hint={PASSWORD_RULE}
          missing="Please choose a password."
          check={checkPassword}
          autoComplete="new-password"
        />
      </Form>
    </Card>
  );
}
