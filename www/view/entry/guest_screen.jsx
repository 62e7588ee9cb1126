/* Coming in as a guest, with only a name. */
import { useApp } from '../context.js';
import { Link } from '../link.jsx';
import { NameForm } from '../name_form.jsx';
import { watch } from '../watch.js';
import { Card } from './card.jsx';
import { SignedOutNote } from './signed_out.jsx';

export function GuestScreen() {
  const { identity } = useApp();
  const { signedOutReason, place, user } = watch(identity);
  return (
    <Card title={signedOutReason ? 'Welcome back: choose your name' : 'Welcome'}>
      <SignedOutNote />
      {!signedOutReason && <p>Choose a name for others to see.</p>}
      <NameForm action="Join" initial={user?.name} />
      <ul class="start__ways">
        <li>
          Already have an account? <Link to={{ page: 'sign-in' }}>Sign in</Link>
        </li>
        {place?.signup === 'open' && (
          <li>
            Want to keep your name? <Link to={{ page: 'sign-up' }}>Create an account</Link>
          </li>
        )}
      </ul>
    </Card>
  );
}
