/* The second factor: off, being set up, the recovery codes, on.
 *
 *      off ──start──► scan, write what the app shows ──► recovery codes, shown once ──► on ──password──► off */
import { useState } from 'preact/hooks';
import { reasonOf } from '../../lib/refusal.js';
import { useApp } from '../context.js';
import { CopyButton } from '../copy.jsx';
import { Dialog } from '../dialog.jsx';
import { Form, PasswordField, TextField } from '../form.jsx';
import { DownloadIcon } from '../icons.jsx';
import { Section } from '../page.jsx';
import { QrCode } from '../qr_code.jsx';
import { watch } from '../watch.js';

/** @typedef {{ secret: string, uri: string }} Secret */

export function SecondFactor() {
  const { api, identity } = useApp();
  const { totp, needsTotp } = watch(identity);
  const [secret, setSecret] = useState(/** @type {Secret | null} */ (null));
  const [codes, setCodes] = useState(/** @type {string[] | null} */ (null));
  const [isStopping, setStopping] = useState(false);
  const [problem, setProblem] = useState('');

  async function start() {
    setProblem('');
    try {
      setSecret(await api.startTotp());
    } catch (error) {
      setProblem(reasonOf(error).message);
    }
  }

  return (
    <Section
      title="Second factor"
      about="Besides the password, a code from an app on your phone: who learns your password is not in yet."
    >
      {needsTotp && (
        <div class="note note--warning" role="status">
          <p>This place asks its admins for a second factor. Until you have one, you may do no more than a member.</p>
        </div>
      )}
      <p class="section__state">{totp ? 'It is on.' : 'It is off.'}</p>
      {totp ? (
        <button type="button" class="button" onClick={() => setStopping(true)}>
          Turn it off
        </button>
      ) : (
        <button type="button" class={`button ${needsTotp ? 'button--primary' : ''}`} onClick={start}>
          Set it up
        </button>
      )}
      <p class="form__problem" role="alert">
        {problem}
      </p>
      {secret && !codes && <SetUp secret={secret} onCodes={setCodes} onClose={() => setSecret(null)} />}
      {codes && (
        <RecoveryCodes
          codes={codes}
          onClose={() => {
            setCodes(null);
            setSecret(null);
          }}
        />
      )}
      {isStopping && (
        <Dialog name="totp" title="Turn the second factor off?" onClose={() => setStopping(false)}>
          <p class="confirm__text">
            Your password alone will be enough to sign in, and your recovery codes become void.
          </p>
          <Form
            action="Turn it off"
            danger
            fieldOf={{ wrong_password: 'password' }}
            onSubmit={async ({ password }) => {
              await identity.stopTotp(password);
              setStopping(false);
            }}
          >
            <PasswordField name="password" label="Your password" autoComplete="current-password" autoFocus />
          </Form>
        </Dialog>
      )}
    </Section>
  );
}

/** @param {{ secret: Secret, onCodes: (codes: string[]) => void, onClose: () => void }} props */
function SetUp({ secret: { secret, uri }, onCodes, onClose }) {
  const { identity } = useApp();
  return (
    <Dialog name="totp" title="Set up the second factor" onClose={onClose}>
      <p class="confirm__text">Scan this with an authenticator app, or write the key into it.</p>
      <QrCode text={uri} label="QR code of the key below" />
      <div class="secret">
        <code class="secret__text">{secret.replace(/(.{4})(?=.)/g, '$1 ')}</code>
        <CopyButton text={secret} label="Copy the key" />
      </div>
      <Form
        action="Turn it on"
        fieldOf={{ totp_required: 'code', wrong_password: 'password' }}
        onSubmit={async ({ code, password }) =>
          onCodes(await identity.confirmTotp({ secret, password, code: code.replace(/\s/g, '') }))
        }
      >
        <TextField
          name="code"
          label="The six digits that the app shows"
          missing="Enter the code."
          autoComplete="one-time-code"
          inputMode="numeric"
          dir="ltr"
          autoFocus
        />
        <PasswordField name="password" label="Your password" autoComplete="current-password" />
      </Form>
    </Dialog>
  );
}

/** @param {{ codes: string[], onClose: () => void }} props */
function RecoveryCodes({ codes, onClose }) {
  const { identity } = useApp();
  const text = codes.join('\n');
  const page = `Recovery codes for ${identity.place?.name || 'Hubbub'}. Each works once.\n\n${text}\n`;
  const file = `data:text/plain;charset=utf-8,${encodeURIComponent(page)}`;
  return (
    <Dialog name="totp" title="Keep these recovery codes" onClose={onClose}>
      <p class="confirm__text">
        The second factor is on. When you lose your phone, each of these lets you in once. They are not shown again.
      </p>
      <ul class="codes" aria-label="Recovery codes">
        {codes.map((code) => (
          <li key={code}>
            <code>{code}</code>
          </li>
        ))}
      </ul>
      <div class="confirm__actions">
        <CopyButton text={text} label="Copy" small={false} />
        <a class="button button--icon" href={file} download="recovery-codes.txt">
          <DownloadIcon />
          Download
        </a>
        <button type="button" class="button button--primary" onClick={onClose}>
          I have kept them
        </button>
      </div>
    </Dialog>
  );
}
