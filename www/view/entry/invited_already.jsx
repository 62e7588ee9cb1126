/* A signed-in user has followed an invitation. */
import { HOME } from '../../lib/route.js';
import { useApp } from '../context.js';
import { useSignOut } from '../me_menu.jsx';
import { watch } from '../watch.js';
import { Card } from './card.jsx';

export function InvitedAlready() {
  const { identity, router } = useApp();
  const { user } = watch(identity);
  const signOut = useSignOut();
  return (
    <Card title="You're already signed in">
      <p>
        This invitation is for someone new; you're signed in as <b dir="auto">{user?.display_name || user?.name}</b>.
      </p>
      <div class="start__actions">
        <button type="button" class="button button--primary" onClick={() => router.go(HOME, { replace: true })}>
          Go to the chat
        </button>
        <button type="button" class="button" onClick={signOut}>
          Sign out
        </button>
      </div>
    </Card>
  );
}
