/* Setting a new password with a one-time link from an admin. */
import { useState } from 'preact/hooks';
import { isRefusal } from '../../lib/refusal.js';
import { HOME } from '../../lib/route.js';
import { checkPassword, PASSWORD_RULE } from '../../model/form.js';
import { useApp } from '../context.js';
import { Form, PasswordField } from '../form.jsx';
import { Link } from '../link.jsx';
import { Loading, Problem } from '../states.jsx';
import { useQuery } from '../use_query.js';
import { watch } from '../watch.js';
import { Card } from './card.jsx';

export function ResetScreen() {
  const { api, identity, router } = useApp();
  const isIn = watch(identity).state === 'account';
  const [isDone, setDone] = useState(false);
  const route = router.route.value;
  const code = route.page === 'reset' ? route.code : '';
  const { answer: link, problem, retry } = useQuery(() => api.reset(code), [code]);
  const [isOver, setOver] = useState(false);

  if (isDone) {
    return (
      <Card title="Password changed">
        <p>All your devices were signed out.</p>
        <div class="start__actions">
          <button
            type="button"
            class="button button--primary"
            onClick={() => router.go(isIn ? HOME : { page: 'sign-in' }, { replace: true })}
          >
            {isIn ? 'Go to the chat' : 'Sign in'}
          </button>
        </div>
      </Card>
    );
  }
  if (!link)
    return (
      <Card title="Choose a new password">{problem ? <Problem message={problem} onRetry={retry} /> : <Loading />}</Card>
    );
  if (isOver || !link.valid) {
    return (
      <Card title="This link is no longer valid">
        <p>It has been used or has expired. Ask an admin for a new one.</p>
        <ul class="start__ways">
          <li>
            Remember your password? <Link to={{ page: 'sign-in' }}>Sign in</Link>
          </li>
        </ul>
      </Card>
    );
  }
  return (
    <Card title="Choose a new password">
      <p>
        For <b dir="auto">{link.name}</b>. This link works once.
      </p>
      <Form
        action="Change password"
        fieldOf={{ invalid: 'password' }}
        onSubmit={async ({ password }) => {
          try {
            await api.useReset({ code, password });
          } catch (error) {
            if (!isRefusal(error, 'not_found')) throw error;
            return setOver(true); /* the link was used elsewhere while this page was open */
          }
          setDone(true);
        }}
      >
        <PasswordField
          name="password"
          label="New password"
          hint={PASSWORD_RULE}
          missing="Choose a password."
          check={checkPassword}
          autoComplete="new-password"
          autoFocus
        />
      </Form>
    </Card>
  );
}
