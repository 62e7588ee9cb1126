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
      title="Two-factor authentication"
      about="Adds a code from an app, so a stolen password alone isn't enough."
    >
      {needsTotp && (
        <div class="note note--warning" role="status">
          <p>Admins here need two-factor authentication. Until you turn it on, you have member permissions only.</p>
        </div>
      )}
      <p class="section__state">{totp ? 'On.' : 'Off.'}</p>
      {totp ? (
        <button type="button" class="button" onClick={() => setStopping(true)}>
          Turn off
        </button>
      ) : (
        <button type="button" class={`button ${needsTotp ? 'button--primary' : ''}`} onClick={start}>
          Set up
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
        <Dialog name="totp" title="Turn off two-factor authentication?" onClose={() => setStopping(false)}>
          <p class="confirm__text">
            Your password alone will be enough to sign in, and your recovery codes will stop working.
          </p>
          <Form
            action="Turn off"
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
    <Dialog name="totp" title="Set up two-factor authentication" onClose={onClose}>
      <p class="confirm__text">Scan this with your authenticator app, or enter the key by hand.</p>
      <QrCode text={uri} label="QR code for the key below" />
      <div class="secret">
        <code class="secret__text">{secret.replace(/(.{4})(?=.)/g, '$1 ')}</code>
        <CopyButton text={secret} label="Copy key" />
      </div>
      <Form
        action="Turn on"
        fieldOf={{ totp_required: 'code', wrong_password: 'password' }}
        onSubmit={async ({ code, password }) =>
          onCodes(await identity.confirmTotp({ secret, password, code: code.replace(/\s/g, '') }))
        }
      >
        <TextField
          name="code"
          label="6-digit code from the app"
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
    <Dialog name="totp" title="Save these recovery codes" onClose={onClose}>
      <p class="confirm__text">
        Two-factor authentication is on. If you lose your phone, use one of these codes to sign in. Each works once.
        They won't be shown again.
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
          I've saved them
        </button>
      </div>
    </Dialog>
  );
}
