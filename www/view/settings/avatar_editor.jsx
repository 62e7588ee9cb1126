/* The user's picture: choosing, preview, saving, removing. */
import { useRef, useState } from 'preact/hooks';
import { reasonOf } from '../../lib/refusal.js';
import { Avatar } from '../avatar.jsx';
import { useApp } from '../context.js';
import { base64Of, squarePicture } from '../picture.js';
import { watch } from '../watch.js';

export function AvatarEditor() {
  const { api, chat } = useApp();
  const me = /** @type {import('../../lib/protocol.js').PersonInfo} */ (watch(chat).me);
  const file = useRef(/** @type {HTMLInputElement | null} */ (null));
  /** The chosen picture, not yet saved: a data: URL. */
  const [preview, setPreview] = useState('');
  const [problem, setProblem] = useState('');
  const [said, setSaid] = useState('');
  const [busy, setBusy] = useState(false);

  async function choose() {
    const chosen = file.current?.files?.[0];
    if (!chosen) return;
    setProblem('');
    setSaid('');
    try {
      setPreview(await squarePicture(chosen));
    } catch (error) {
      setProblem(reasonOf(error).message);
    }
    if (file.current) file.current.value = ''; /* otherwise choosing the same file again would be no change */
  }

  /** @param {string} avatar base64; "" takes the picture away */
  async function save(avatar) {
    if (busy) return;
    setBusy(true);
    setProblem('');
    try {
      await api.setAvatar(avatar);
      setPreview('');
      setSaid(avatar ? 'Picture saved.' : 'Picture removed.');
    } catch (error) {
      setProblem(reasonOf(error).message);
    }
    setBusy(false);
  }

  const pick = () => file.current?.click();
  return (
    <div class="avatar-editor">
      {preview ? (
        <img class="avatar avatar--large avatar__picture" src={preview} alt="Preview" />
      ) : (
        <Avatar user={me} size="large" />
      )}
      <div>
        <input
          ref={file}
          type="file"
          class="visually-hidden"
          accept="image/*"
          tabIndex={-1}
          aria-label="Picture"
          onChange={choose}
        />
        <div class="avatar-editor__buttons">
          {preview ? (
            <>
              <button type="button" class="button button--primary" onClick={() => save(base64Of(preview))}>
                {busy ? 'Please wait…' : 'Use this picture'}
              </button>
              <button type="button" class="button" onClick={pick}>
                Choose another
              </button>
              <button type="button" class="button" onClick={() => setPreview('')}>
                Cancel
              </button>
            </>
          ) : (
            <>
              <button type="button" class="button" onClick={pick}>
                {me.avatar ? 'Change picture' : 'Choose a picture'}
              </button>
              {Boolean(me.avatar) && (
                <button type="button" class="button" onClick={() => save('')}>
                  {busy ? 'Please wait…' : 'Remove'}
                </button>
              )}
            </>
          )}
        </div>
        <p class="form__hint" role="status">
          {said || 'Cropped to a centred square.'}
        </p>
        <p class="form__problem" role="alert">
          {problem}
        </p>
      </div>
    </div>
  );
}
