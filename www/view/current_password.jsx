/* The field for the user's own password, in dialogs whose result (a token, a reset link) would outlive an unlocked
 * device. */
import { useApp } from './context.js';
import { PasswordField } from './form.jsx';

/** Puts the refusal of a wrong password at this field, for `fieldOf` of a form. */
export const FIELD_OF_WRONG_PASSWORD = { wrong_password: 'current' };

/** Gives `current` to its form. Not shown to users whom a proxy has signed in: they have no password here. */
export function CurrentPassword() {
  const { identity } = useApp();
  if (!identity.session) return null;
  return <PasswordField name="current" label="Your password" autoComplete="current-password" />;
}
