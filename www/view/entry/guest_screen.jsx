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
    <Card title={signedOutReason ? 'Who are you again?' : 'Welcome'}>
      <SignedOutNote />
      {!signedOutReason && <p>Choose a name that others will see.</p>}
      <NameForm action="Join" initial={user?.name} />
      <ul class="start__ways">
        <li>
          Have an account? <Link to={{ page: 'sign-in' }}>Sign in</Link>
        </li>
        {place?.signup === 'open' && (
          <li>
            Want to stay? <Link to={{ page: 'sign-up' }}>Make an account</Link>
          </li>
        )}
      </ul>
    </Card>
  );
}
