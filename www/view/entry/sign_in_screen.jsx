/* Name and password, then the second factor if the account has one. */
import { useState } from 'preact/hooks';
import { isRefusal } from '../../lib/refusal.js';
import { HOME } from '../../lib/route.js';
import { useApp } from '../context.js';
import { Form, PasswordField, TextField } from '../form.jsx';
import { Link } from '../link.jsx';
import { watch } from '../watch.js';
import { Card } from './card.jsx';
import { SignedOutNote } from './signed_out.jsx';

export function SignInScreen() {
  const { identity, router } = useApp();
  const { signedOutReason, place, state, user } = watch(identity);
  const knownName = signedOutReason && user ? user.name : '';
  /** The input of the first step, for the second one. */
  const [first, setFirst] = useState(/** @type {{ name: string, password: string } | null} */ (null));

  /** @param {{ name: string, password: string, code?: string }} fields */
  async function signIn(fields) {
    await identity.signIn(fields);
    const { page } = router.route.value;
    if (page === 'sign-in' || page === 'sign-up') router.go(HOME, { replace: true });
  }

  if (first) return <SecondFactor onBack={() => setFirst(null)} onCode={(code) => signIn({ ...first, code })} />;
  return (
    <Card title="Sign in">
      <SignedOutNote />
      <Form
        action="Sign in"
        fieldOf={{ wrong_password: 'password' }}
        onSubmit={async (fields) => {
          try {
            await signIn(fields);
          } catch (error) {
            if (!isRefusal(error, 'totp_required')) throw error;
            setFirst(fields);
          }
        }}
      >
        <TextField
          name="name"
          label="Username"
          value={knownName}
          missing="Enter your username."
          autoComplete="username"
          autoCapitalize="none"
          spellcheck={false}
          autoFocus={!knownName}
        />
        <PasswordField
          name="password"
          label="Password"
          missing="Enter your password."
          autoComplete="current-password"
          autoFocus={Boolean(knownName)}
        />
      </Form>
      <ul class="start__ways">
        {state === 'guest' ? (
          <li>
            <Link to={HOME}>Back to the chat</Link>
          </li>
        ) : (
          place?.guests && (
            <li>
              Just visiting?{' '}
              <Link to={HOME} onGo={() => identity.moveOn()}>
                Continue as guest
              </Link>
            </li>
          )
        )}
        {place?.signup === 'open' && (
          <li>
            New here? <Link to={{ page: 'sign-up' }}>Create an account</Link>
          </li>
        )}
        {place?.signup === 'invite' && <li>New here? Ask an admin for an invitation link.</li>}
        <li>Forgot your password? Ask an admin for a reset link.</li>
      </ul>
    </Card>
  );
}

/** @param {{ onCode: (code: string) => Promise<void>, onBack: () => void }} props */
function SecondFactor({ onCode, onBack }) {
  const [usesRecovery, setUsesRecovery] = useState(false);
  return (
    <Card title="Two-factor code">
      <p>
        {usesRecovery
          ? 'Enter one of your recovery codes. Each works once.'
          : 'Enter the 6-digit code from your authenticator app.'}
      </p>
      <Form
        key={String(usesRecovery)}
        action="Continue"
        fieldOf={{ totp_required: 'code' }}
        onSubmit={({ code }) => onCode(code.replace(/\s/g, ''))}
      >
        <TextField
          name="code"
          label={usesRecovery ? 'Recovery code' : 'Code'}
          missing="Enter the code."
          autoComplete={usesRecovery ? 'off' : 'one-time-code'}
          inputMode={usesRecovery ? 'text' : 'numeric'}
          autoCapitalize="none"
          spellcheck={false}
          dir="ltr"
          autoFocus
        />
      </Form>
      <ul class="start__ways">
        <li>
          <button type="button" class="link-button" onClick={() => setUsesRecovery(!usesRecovery)}>
            {usesRecovery ? 'Use your authenticator app' : 'Use a recovery code'}
          </button>
        </li>
        <li>
          <button type="button" class="link-button" onClick={onBack}>
            Back
          </button>
        </li>
      </ul>
    </Card>
  );
}
