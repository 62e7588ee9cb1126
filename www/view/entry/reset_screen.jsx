/* A new password, with a one-time link from an admin. */
import { useState } from 'preact/hooks';
import { checkPassword, PASSWORD_RULE } from '../../model/form.js';
import { HOME } from '../../lib/route.js';
import { useApp } from '../context.js';
import { Form, PasswordField } from '../form.jsx';
import { watch } from '../watch.js';
import { Card } from './card.jsx';

/** @type {Record<string, string>} */
const REFUSED = { not_found: 'This link does not work any more: it was used already, or is more than a day old. Ask for a new one.' };

export function ResetScreen() {
  const { api, identity, router } = useApp();
  const isIn = watch(identity).state === 'account';
  const [isDone, setDone] = useState(false);
  const route = router.route.value;
  const code = route.page === 'reset' ? route.code : '';

  if (isDone) {
    return (
      <Card title="Your password is changed">
        <p>All devices that were signed in have been signed out.</p>
        <div class="start__actions">
          <button type="button" class="button button--primary" onClick={() => router.go(isIn ? HOME : { page: 'sign-in' }, { replace: true })}>
            {isIn ? 'Go to the chat' : 'Sign in'}
          </button>
        </div>
      </Card>
    );
  }
  return (
    <Card title="Choose a new password">
      <p>This link works once.</p>
      <Form
        action="Change the password"
        fieldOf={{ invalid: 'password' }}
        onSubmit={async ({ password }) => {
          try {
            await api.useReset({ code, password });
          } catch (error) {
            const reason = /** @type {{ code?: string }} */ (error).code ?? '';
            throw REFUSED[reason] ? new Error(REFUSED[reason]) : error;
          }
          setDone(true);
        }}
      >
        <PasswordField
          name="password"
          label="New password"
          hint={PASSWORD_RULE}
          missing="Please choose a password."
          check={checkPassword}
          autoComplete="new-password"
          autoFocus
        />
      </Form>
    </Card>
  );
}
