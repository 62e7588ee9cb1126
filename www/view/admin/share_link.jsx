/* A link to be passed on: to copy, or as a QR code. */
import { useEffect, useRef } from 'preact/hooks';
import { pathOf } from '../../lib/route.js';
import { CopyButton } from '../copy.jsx';
import { QrCode } from '../qr_code.jsx';

/** @param {{ to: import('../../lib/route.js').Route, what: string }} props what: the link, in a few words */
export function ShareLink({ to, what }) {
  const url = location.origin + pathOf(to);
  const box = useRef(/** @type {HTMLDivElement | null} */ (null));
  useEffect(() => box.current?.querySelector('button')?.focus({ preventScroll: true }), []);
  return (
    <>
      <div class="secret" ref={box}>
        <code class="secret__text">{url}</code>
        <CopyButton text={url} label="Copy link" />
      </div>
      <QrCode text={url} label={`QR code for ${what}`} />
    </>
  );
}
