/* The fields of a new account: names and password. */
import { checkDisplayName, checkPassword, checkUserName, PASSWORD_RULE } from '../../model/form.js';
import { PasswordField, TextField } from '../form.jsx';

/** @param {{ label: string, value?: string, autoFocus?: boolean }} props of the user name */
export function AccountFields({ label, value, autoFocus }) {
  return (
    <>
      <TextField
        name="name"
        label={label}
        hint="Used to sign in and for @mentions, such as anna.berg"
        value={value}
        missing="Enter a username."
        check={checkUserName}
        autoComplete="username"
        autoCapitalize="none"
        spellcheck={false}
        autoFocus={autoFocus}
      />
      <TextField
        name="display_name"
        label="Display name (optional)"
        check={checkDisplayName}
        autoComplete="name"
        autoCapitalize="words"
      />
      <PasswordField
        name="password"
        label="Password"
        hint={PASSWORD_RULE}
        missing="Choose a password."
        check={checkPassword}
        autoComplete="new-password"
      />
    </>
  );
}
