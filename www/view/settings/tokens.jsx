/* Access tokens for programs: creating, showing once, revoking. */
import { useState } from 'preact/hooks';
import { TOKEN_CHOICES, untilOf } from '../../lib/durations.js';
import { reasonOf } from '../../lib/refusal.js';
import { said } from '../../lib/said.js';
import { Ago } from '../ago.jsx';
import { confirm } from '../confirm.jsx';
import { useApp } from '../context.js';
import { CopyButton } from '../copy.jsx';
import { CurrentPassword, FIELD_OF_WRONG_PASSWORD } from '../current_password.jsx';
import { Dialog } from '../dialog.jsx';
import { Form, SelectField, TextField } from '../form.jsx';
import { KeyIcon } from '../icons.jsx';
import { List, useListing } from '../list.jsx';
import { Section } from '../page.jsx';
import { Empty } from '../states.jsx';
import { watch } from '../watch.js';

/** @typedef {import('../../lib/protocol.js').TokenInfo} TokenInfo */

/** @type {Record<import('../../lib/protocol.js').Scope, string>} */
const SCOPES = {
  read: 'Read only',
  write: 'Read and write',
  admin: 'Full access',
};

export function TokensTab() {
  const { request } = useApp();
  const tokens = /** @type {import('../../model/listing.js').Listing<TokenInfo>} */ (useListing({ type: 'tokens' }));
  const [isMaking, setMaking] = useState(false);
  const [problem, setProblem] = useState('');

  /** @param {TokenInfo} token */
  async function revoke({ id, name }) {
    const sure = await confirm({
      title: said`Revoke “${name}”?`,
      text: 'Programs using it will be disconnected immediately.',
      action: 'Revoke',
      danger: true,
    });
    if (!sure) return;
    setProblem('');
    try {
      await request({ type: 'revoke_token', token: id });
      tokens.change(id, null);
    } catch (error) {
      setProblem(reasonOf(error).message);
    }
  }

  return (
    <Section
      title="Access tokens"
      about="For bots and scripts that act as you. Anyone with a token can act as you, so keep it secret."
    >
      <List
        of={tokens}
        label="Access tokens"
        empty={<Empty>You have no access tokens.</Empty>}
        draw={(token) => <TokenRow token={token} onRevoke={() => revoke(token)} />}
      />
      <p class="form__problem" role="alert">
        {problem}
      </p>
      <button type="button" class="button button--primary" onClick={() => setMaking(true)}>
        New token
      </button>
      {isMaking && <NewToken onMade={() => tokens.load()} onClose={() => setMaking(false)} />}
    </Section>
  );
}

/** @param {{ token: TokenInfo, onRevoke: () => void }} props */
function TokenRow({ token: { name, scope, since, expires_ms }, onRevoke }) {
  const isOver = expires_ms > 0 && expires_ms < Date.now();
  return (
    <>
      <span class="list__icon">
        <KeyIcon />
      </span>
      <div class="list__main">
        <p class="list__title" dir="auto">
          {name}
        </p>
        <p class="list__about">
          <span>{SCOPES[scope]}</span>
          <span>
            created <Ago at={since} />
          </span>
          <span>
            {expires_ms ? (
              <>
                {isOver ? 'expired' : 'expires'} <Ago at={expires_ms} />
              </>
            ) : (
              'never expires'
            )}
          </span>
        </p>
      </div>
      <button type="button" class="button button--small" onClick={onRevoke}>
        Revoke<span class="visually-hidden"> {name}</span>
      </button>
    </>
  );
}

/** @param {{ onMade: () => void, onClose: () => void }} props */
function NewToken({ onMade, onClose }) {
  const { api, chat } = useApp();
  const { me } = watch(chat);
  const [token, setToken] = useState('');
  const isAdmin = me?.role === 'admin' || me?.role === 'owner';
  const scopes = Object.entries(SCOPES).filter(([scope]) => scope !== 'admin' || isAdmin || me?.role === 'moderator');

  if (token) {
    return (
      <Dialog name="token" title="Your new token" onClose={onClose}>
        <p class="confirm__text">Copy it now: it won't be shown again.</p>
        <div class="secret">
          <code class="secret__text">{token}</code>
          <CopyButton text={token} />
        </div>
        <div class="confirm__actions">
          <button type="button" class="button button--primary" onClick={onClose}>
            Done
          </button>
        </div>
      </Dialog>
    );
  }
  return (
    <Dialog name="token" title="New token" onClose={onClose}>
      <Form
        action="Create token"
        fieldOf={FIELD_OF_WRONG_PASSWORD}
        onSubmit={async ({ name, scope, expires, current }) => {
          setToken(await api.createToken({ name, scope, expires_ms: untilOf(expires, Date.now()), current }));
          onMade();
        }}
      >
        <TextField
          name="name"
          label="Name"
          placeholder="weather bot"
          missing="Enter a name."
          maxBytes={64}
          autoComplete="off"
          autoFocus
        />
        <SelectField
          name="scope"
          label="Permissions"
          value="write"
          options={scopes.map(([value, label]) => ({ value, label }))}
        />
        <SelectField name="expires" label="Expires" value="90d" options={TOKEN_CHOICES} />
        <CurrentPassword />
      </Form>
    </Dialog>
  );
}
