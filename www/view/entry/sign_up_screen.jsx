/* A new account: with an invitation, or without one if sign-up is open. A guest of this browser becomes the account. */
import { useEffect, useState } from 'preact/hooks';
import { checkUserName, fieldOfAccount } from '../../model/form.js';
import { reasonOf } from '../../lib/refusal.js';
import { HOME } from '../../lib/route.js';
import { said } from '../../lib/said.js';
import { listNames } from '../../lib/text.js';
import { whyNotInvited } from '../../model/invitation.js';
import { useApp } from '../context.js';
import { Form } from '../form.jsx';
import { Link } from '../link.jsx';
import { Loading, Problem } from '../states.jsx';
import { watch } from '../watch.js';
import { AccountFields } from './account_fields.jsx';
import { Card } from './card.jsx';

/** @typedef {import('../../lib/protocol.js').Invitation} Invitation */

const ROOMS_NAMED_MAX = 3;

/** @param {string | null} code */
function useInvitation(code) {
  const { api } = useApp();
  const [invitation, setInvitation] = useState(/** @type {Invitation | null} */ (null));
  const [problem, setProblem] = useState('');
  const load = () => {
    if (code === null) return;
    setProblem('');
    api.invite(code).then(setInvitation, (error) => setProblem(reasonOf(error).message));
  };
  useEffect(load, [code]);
  return { invitation, problem, load };
}

export function SignUpScreen() {
  const { router } = useApp();
  const route = router.route.value;
  const code = route.page === 'invite' ? route.code : null;
  const { invitation, problem, load } = useInvitation(code);
  if (code === null) return <NewAccount />;
  if (problem) {
    return (
      <Card title="Your invitation">
        <Problem message={problem} onRetry={load} />
      </Card>
    );
  }
  if (!invitation) {
    return (
      <Card title="Your invitation">
        <Loading />
      </Card>
    );
  }
  return invitation.valid ? (
    <NewAccount code={code} invitation={invitation} />
  ) : (
    <NotValid reason={invitation.reason} />
  );
}

/** @param {{ reason: Invitation['reason'] }} props */
function NotValid({ reason }) {
  const { title, text } = whyNotInvited(reason);
  return (
    <Card title={title}>
      <p>{text}</p>
      <SignInInstead />
    </Card>
  );
}

/** @param {{ code?: string, invitation?: Invitation }} props */
function NewAccount({ code, invitation }) {
  const { identity, router } = useApp();
  const { place, state, user } = watch(identity);
  const placeName = place?.name || 'this workspace';
  const rooms = invitation?.rooms ?? [];
  const isGuest = state === 'guest';
  return (
    <Card title={said`Join ${placeName}`}>
      {invitation?.by && (
        <p>
          <b dir="auto">{invitation.by.display_name || invitation.by.name}</b> invites you
          {rooms.length > 0 ? said` to ${listNames(rooms, ROOMS_NAMED_MAX)}` : ''}.
        </p>
      )}
      {isGuest && (
        <p>
          You're here as guest <b dir="auto">{user?.name}</b>. Create an account to keep your messages.
        </p>
      )}
      <Form
        action="Create account"
        fieldOf={fieldOfAccount}
        onSubmit={async ({ name, display_name, password }) => {
          await identity.signUp({ name, display_name, password, invite: code });
          router.go(HOME, { replace: true });
        }}
      >
        <AccountFields
          label="Username"
          value={isGuest && user && !checkUserName(user.name) ? user.name : ''}
          autoFocus
        />
      </Form>
      <SignInInstead />
    </Card>
  );
}

function SignInInstead() {
  return (
    <ul class="start__ways">
      <li>
        Already have an account? <Link to={{ page: 'sign-in' }}>Sign in</Link>
      </li>
    </ul>
  );
}
