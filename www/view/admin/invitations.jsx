/* Invitation links: creating, sharing, counting uses, revoking. */
import { useState } from 'preact/hooks';
import { INVITE_CHOICES, untilOf } from '../../lib/durations.js';
import { checkUses, INVITE_ROOMS_MAX, requestOf, stateOf, usesOf } from '../../model/admin/invites.js';
import { Ago } from '../ago.jsx';
import { confirm } from '../confirm.jsx';
import { useApp } from '../context.js';
import { Dialog } from '../dialog.jsx';
import { Form, SelectField, TextField } from '../form.jsx';
import { LinkIcon } from '../icons.jsx';
import { List, useListing } from '../list.jsx';
import { Section } from '../page.jsx';
import { Empty } from '../states.jsx';
import { attempt } from '../toast.jsx';
import { minute } from '../ui.js';
import { watch } from '../watch.js';
import { InviteLabel, LabelField } from './invite_label.jsx';
import { RoomChoices } from './room_choices.jsx';
import { ShareLink } from './share_link.jsx';
import { UserName } from './user_name.jsx';

/** @typedef {import('../../lib/protocol.js').InviteInfo} InviteInfo */

/** @type {Record<import('../../model/admin/invites.js').InviteState, { label: string, kind: string }>} */
const STATES = {
  valid: { label: 'Valid', kind: '' },
  'used up': { label: 'Used up', kind: 'badge--quiet' },
  expired: { label: 'Expired', kind: 'badge--quiet' },
  revoked: { label: 'Revoked', kind: 'badge--quiet' },
};

export function InvitationsTab() {
  const { request, identity } = useApp();
  const { place } = watch(identity);
  const invites = /** @type {import('../../model/listing.js').Listing<InviteInfo>} */ (
    useListing({ type: 'invites', cursor: 'before' })
  );
  const [isMaking, setMaking] = useState(false);
  const [shown, setShown] = useState(/** @type {InviteInfo | null} */ (null));

  /** @param {InviteInfo} invite */
  async function revoke({ id }) {
    const sure = await confirm({
      title: 'Revoke this invitation?',
      text: 'The link will stop working.',
      action: 'Revoke',
      danger: true,
    });
    if (sure && (await attempt(() => request({ type: 'revoke_invite', invite: id }), 'Invitation revoked.')))
      invites.change(id, { revoked: true });
  }

  return (
    <Section
      title="Invitations"
      about={
        place?.signup === 'open'
          ? 'Anyone can sign up here; an invitation can also add people to rooms.'
          : 'Anyone with the link can create an account.'
      }
    >
      <button type="button" class="button button--primary" onClick={() => setMaking(true)}>
        New invitation
      </button>
      <List
        of={invites}
        label="Invitations"
        class="list--actions"
        empty={<Empty>No invitations yet.</Empty>}
        draw={(invite) => <InviteRow invite={invite} onShow={() => setShown(invite)} onRevoke={() => revoke(invite)} />}
      />
      {isMaking && <NewInvitation onMade={() => invites.load()} onClose={() => setMaking(false)} />}
      {shown && (
        <Dialog name="invitation" title="Invitation" onClose={() => setShown(null)}>
          <ShareLink to={{ page: 'invite', code: shown.code }} what="the invitation" />
          <InviteLabel invite={shown.id} value={shown.label} onSaved={(label) => invites.change(shown.id, { label })} />
        </Dialog>
      )}
    </Section>
  );
}

/** @param {{ invite: InviteInfo, onShow: () => void, onRevoke: () => void }} props */
function InviteRow({ invite, onShow, onRevoke }) {
  void minute.value; /* it can expire while it is shown */
  const state = stateOf(invite, Date.now());
  const { by, at, expires_ms, rooms, code, label } = invite;
  const short = code.slice(0, 6);
  return (
    <>
      <span class="list__icon">
        <LinkIcon />
      </span>
      <div class="list__main">
        <p class="list__title">
          {label ? <bdi>{label}</bdi> : <code class="code">{short}…</code>}
          <span class={`badge ${STATES[state].kind}`}>{STATES[state].label}</span>
        </p>
        <p class="list__about">
          {label && <code class="code">{short}…</code>}
          <span>{usesOf(invite)}</span>
          <span>
            {expires_ms ? (
              <>
                {expires_ms <= Date.now() ? 'expired' : 'expires'} <Ago at={expires_ms} />
              </>
            ) : (
              'never expires'
            )}
          </span>
          <span>
            made by <UserName user={by} />, <Ago at={at} />
          </span>
          {rooms.length > 0 && (
            <span>
              adds to{' '}
              {rooms.map(({ id, name }, at) => (
                <span key={id}>
                  {at > 0 && ', '}
                  <bdi>{name}</bdi>
                </span>
              ))}
            </span>
          )}
        </p>
      </div>
      {state === 'valid' && (
        <div class="list__actions">
          <button type="button" class="button button--small" onClick={onShow}>
            Show<span class="visually-hidden"> the link {label || short}</span>
          </button>
          <button type="button" class="button button--small" onClick={onRevoke}>
            Revoke<span class="visually-hidden"> {label || short}</span>
          </button>
        </div>
      )}
    </>
  );
}

/** @param {{ onMade: () => void, onClose: () => void }} props */
function NewInvitation({ onMade, onClose }) {
  const { request } = useApp();
  const [code, setCode] = useState('');
  const [rooms, setRooms] = useState(/** @type {number[]} */ ([]));

  if (code) {
    return (
      <Dialog name="invitation" title="Your invitation" onClose={onClose}>
        <p class="confirm__text">Share this link with the people you want to invite.</p>
        <ShareLink to={{ page: 'invite', code }} what="the invitation" />
        <div class="confirm__actions">
          <button type="button" class="button button--primary" onClick={onClose}>
            Done
          </button>
        </div>
      </Dialog>
    );
  }
  return (
    <Dialog name="invitation" title="New invitation" onClose={onClose}>
      <Form
        action="Create link"
        fieldOf={{ invalid: 'uses' }}
        onSubmit={async ({ label, expires, uses }) => {
          const ack = await request(requestOf({ label, uses, expires_ms: untilOf(expires, Date.now()), rooms }));
          setCode(ack.code);
          onMade();
        }}
      >
        <LabelField hint="Visible to admins only." autoFocus />
        <SelectField name="expires" label="Expires" value="7d" options={INVITE_CHOICES} />
        <TextField
          name="uses"
          label="Maximum uses"
          placeholder="No limit"
          inputMode="numeric"
          autoComplete="off"
          maxLength={6}
          check={checkUses}
        />
        <RoomChoices chosen={rooms} onChange={setRooms} max={INVITE_ROOMS_MAX} />
      </Form>
    </Dialog>
  );
}
