/* The field for one's own password, in dialogs that give power: what they make would outlive a device left unlocked. */
import { useApp } from './context.js';
import { PasswordField } from './form.jsx';

/** Where the refusal of a wrong one belongs, for `fieldOf` of a form. */
export const FIELD_OF_WRONG_PASSWORD = { wrong_password: 'current' };

/** Gives `current` to its form. Nothing for a person whom a proxy has signed in: they have no password here. */
export function CurrentPassword() {
  const { identity } = useApp();
  if (!identity.session) return null;
  return <PasswordField name="current" label="Your password" autoComplete="current-password" />;
}
